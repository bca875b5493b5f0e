import Foundation
import TestSupport
import Testing

/// `dataset verify`: sound references pass, wrong ones are named, in words and as JSON.
struct DatasetVerifyTests {
    private struct Document: Decodable {
        struct Entry: Decodable {
            var name, sha256, isolation: String
            var passed, total: Int
            var failures: [Failure]
        }
        struct Failure: Decodable { var id, verdict, detail: String }
        var datasets: [Entry]
    }

    private func sums(_ answers: [String], in folder: Folder) throws -> String {
        let declaration = """
            {"name": "sums", "version": "1", "description": "Sums.", "licence": "Apache-2.0", "kind": "exact-match",
             "source": {"file": "problems.jsonl"}, "language": "en",
             "prompt": {"style": "completion", "completion": "{prompt}"}, "stop": ["\\n"],
             "scorer": {"answer": [{"name": "exact", "rule": "first-line"}]}}
            """
        _ = try folder.write(declaration, to: "dataset.json")
        let rows = answers.enumerated().map {
            #"{"id": "\#($0)", "prompt": "2 + \#($0) =", "answer": "\#($1)"}"# + "\n"
        }
        _ = try folder.write(rows.joined(), to: "problems.jsonl")
        return folder.url.path
    }

    @Test func soundReferencesPass() throws {
        let folder = try Folder()
        let set = try sums(["2", "3"], in: folder)
        let run = try Command.run(["dataset", "verify", set, "yuanbench-exact", "--json"], in: folder.url)
        #expect(run.status == 0, "\(run.err)")
        let document = try JSONDecoder().decode(Document.self, from: Data(run.out.utf8))
        #expect(document.datasets.map(\.name) == ["sums", "yuanbench-exact"])
        #expect(document.datasets.map(\.passed) == [2, 40] && document.datasets.map(\.total) == [2, 40])
        #expect(document.datasets.allSatisfy { $0.failures.isEmpty && $0.sha256.count == 64 && !$0.isolation.isEmpty })
        #expect(try Command.run(["dataset", "verify", set], in: folder.url).out == "sums\t2/2 passed\n")
    }

    @Test func wrongReferencesAreNamed() throws {
        let folder = try Folder()
        // An answer of two lines is not what the first line of it is.
        let set = try sums(["2", "3\\n4"], in: folder)
        let run = try Command.run(["dataset", "verify", set, "--json"], in: folder.url)
        #expect(run.status == 65 && run.err.contains("1 reference solutions do not pass"), "\(run.err)")
        let document = try JSONDecoder().decode(Document.self, from: Data(run.out.utf8))
        #expect(document.datasets[0].passed == 1)
        #expect(
            document.datasets[0].failures.map(\.id) == ["1"] && document.datasets[0].failures[0].verdict == "failed")
    }
}
