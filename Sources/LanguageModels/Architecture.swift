import Checkpoints
import Tensors

/// The layers of a decoder: everything between the embedding and the final norm.
///
/// An architecture is one file in `Architectures/` and one line in `Architectures.all`. It reads as a list of
/// operations on activations; shapes in comments are `[rows, width]`, a row being one token of the step.
package protocol Architecture: AnyObject, SendableMetatype {
    /// `model_type` in `config.json`, or `general.architecture` in a GGUF.
    static var name: String { get }

    /// Widths of the rows a sequence must remember from its last token, per layer; empty for pure attention models.
    static func shiftWidths(_ configuration: ModelConfiguration) -> [Int]

    /// What the names of the matrices have in common that come before a layer's keys and values: of the last layer every row
    /// of a prompt passes these alone.
    static var matricesBeforeCache: [String] { get }

    init(_ configuration: ModelConfiguration, weights: WeightLoader, options: ModelOptions) throws

    /// Runs all layers over `hidden` `[rows, hidden]` in place, appending to the batch's caches; `afterLayer` is told of
    /// each layer, 1 being the first. At the end `hidden` holds the batch's `outputRows` alone, the last layer's output
    /// having been computed for no others.
    func forward(_ hidden: Activations, batch: TokenBatch, backend: Backend, afterLayer: LayerTap?)

    /// The token after which attention starts anew, where this model does that.
    var attentionResetToken: Int? { get }
}

extension Architecture {
    package static var matricesBeforeCache: [String] { ["k_proj", "v_proj"] }
}

/// Looks at the hidden state `[rows, hidden]` after a layer; 0 is the embedding.
package typealias LayerTap = (_ layer: Int, _ hidden: Activations, _ rows: Int) -> Void

/// Variants of a model's arithmetic that a run may choose.
package struct ModelOptions: Sendable {
    /// Overrides whether attention is reset after Yuan2's `<eod>`; nil follows the configuration.
    package var resetAttentionAtEOD: Bool?
    /// How RoPE angles are computed: fp32, or bf16 as Yuan2's trainer did.
    package var rotaryAngles: RotaryTable.Angles = .fp32
    /// Upper bound of positions for which tables are made; nil is the configuration's.
    package var maxPositions: Int?

    package init() {}
}

package enum Architectures {
    /// Every architecture there is, by name.
    package static let all: [any Architecture.Type] = [Yuan2.self, Llama.self, Qwen2.self]

    package static func named(_ name: String) throws -> any Architecture.Type {
        guard let type = all.first(where: { $0.name == name }) else {
            throw ModelError(
                "architecture \"\(name)\" is not supported; supported are "
                    + all.map { $0.name }.joined(separator: ", "))
        }
        return type
    }
}
