import Foundation

/// The door to all checkpoint formats.
package enum CheckpointLoader {
    /// Opens a folder in Hugging Face layout, a `.gguf` file, or a weight file or index in a folder with config.json.
    /// Throws `CheckpointError`.
    package static func open(_ url: URL) throws -> any Checkpoint {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: url.path, isDirectory: &isFolder) else {
            throw CheckpointError("no such file or folder", file: url.relativePath, mend: "check the path")
        }
        if isFolder.boolValue {
            guard let weights = WeightFiles.find(in: url) else {
                throw CheckpointError(
                    "no weights in the folder", file: url.relativePath,
                    expected: WeightFiles.standardNames.joined(separator: ", "),
                    mend: "download them, or give a .gguf file by its own path")
            }
            return try FolderCheckpoint(url: url, folder: url, weights: weights)
        }
        if url.pathExtension.lowercased() == "gguf" { return try GGUFCheckpoint(url) }
        guard let weights = WeightFiles(url) else {
            throw CheckpointError(
                "this is no model", file: url.relativePath,
                expected: "a folder, .gguf, .safetensors, .bin or *.index.json", mend: "give one of these")
        }
        let folder = url.deletingLastPathComponent()
        guard FileManager.default.fileExists(atPath: folder.appendingPathComponent("config.json").path) else {
            throw CheckpointError(
                "there is no config.json beside the weights", file: url.relativePath,
                mend: "put the model's config.json into the same folder")
        }
        return try FolderCheckpoint(url: url, folder: folder, weights: weights)
    }
}
