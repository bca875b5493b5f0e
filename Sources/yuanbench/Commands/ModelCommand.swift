import ArgumentParser
import Checkpoints
import Foundation
import LocalGeneration

struct ModelCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "model", abstract: "Lists, fetches, removes and inspects models.",
        subcommands: [List.self, ModelPullCommand.self, Inspect.self, ModelRemoveCommand.self])

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Lists the models that can be named.",
            discussion: "Example:\n  yuanbench model list")

        @Flag(name: .long, help: "Print JSON.")
        var json = false

        func run() throws {
            let table = ModelTable()
            if json { return try Output.write(try table.json) }
            if table.models.isEmpty {
                Talk.say(
                    "no models in \(ModelCatalogue.folder.path); fetch one by 'model pull'; --model also takes a path")
            }
            try Output.write("\(EmbeddedModel.name)\tpart of yuanbench\n")
            try Output.write(table.text)
            for shape in ModelShape.all { try Output.write("\(ModelShape.prefix)\(shape.name)\trandom weights\n") }
        }
    }

    struct Inspect: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Prints architecture, parameters, tensors, tokenizer, chat template and SHA-256 of a model file.",
            discussion: """
                Takes a folder in Hugging Face layout or any single model file (.safetensors, .gguf, .bin, \
                *.index.json, config.json, tokenizer files), and validates it; or shape:NAME, random weights in the \
                shape of a known model.

                Example:
                  yuanbench model inspect ./Yuan2-2B-Mars-hf
                """)

        @Argument(help: "A folder, a model file, or a known name.")
        var model: String

        @Flag(name: .long, help: "Print JSON.")
        var json = false

        @Flag(name: .long, help: "Also read every weight and refuse infinities and NaN.")
        var finite = false

        mutating func validate() throws { try GivenPaths.refuseEmpty(["MODEL": model]) }

        func run() throws {
            let description: ModelDescription
            if let shape = try ModelShape.named(model) {
                description = ModelInspection.inspect(shape)
            } else {
                description = try ModelCatalogue.withFiles(of: model) { url in
                    var description = try ModelCatalogue.inspect(url)
                    if ModelCatalogue.isEmbedded(model) { description.file = "\(model), part of yuanbench" }
                    if finite { try CheckpointLoader.open(url).requireFiniteWeights() }
                    return description
                }
            }
            guard json else { return try Output.write(description.text + "\n") }
            let encoder = JSONEncoder()
            encoder.keyEncodingStrategy = .convertToSnakeCase
            encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
            try Output.write(String(decoding: try encoder.encode(description), as: UTF8.self) + "\n")
        }
    }
}
