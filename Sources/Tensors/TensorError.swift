/// A resource the inference core could not get.
package struct TensorError: Error, CustomStringConvertible {
    package let description: String
    package init(_ description: String) { self.description = description }
}
