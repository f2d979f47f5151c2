import Foundation
import TestSupport
import Testing
import WeightFiles

/// The command as a person meets it.
@Suite(.timeLimit(.minutes(5))) struct CommandTests {
    private let program = GlossProgram()

    @Test func activationsOfTheTinyModelEqualTheGolden() throws {
        let subject = try TinySubject()
        let golden = GoldenFiles.path("architectures/llama/golden.safetensors")
        let output = subject.folder.file("out.safetensors")
        let outcome = try program.run([
            "activations", "--model", subject.folder.file("model"), "--tokens", golden, "--hookpoints",
            "layers.0,layers.2,layers.1.mlp,layers.1.attn", "--logits", "--next-token-logprobs", "--output", output,
        ])
        try #require(outcome.status == 0, "\(outcome.errors)")
        let (expected, found) = (try SafetensorsFile(path: golden), try SafetensorsFile(path: output))
        for name in ["layers.0", "layers.2", "layers.1.mlp", "layers.1.attn", "logits"] {
            let (a, b) = (try #require(found.tensors[name]), try #require(expected.tensors[name]))
            #expect(a.shape == b.shape)
            #expect(try GoldenModel.relativeError(a.floats()[...], b.floats()[...]) < 1e-4, "\(name)")
        }
        #expect(found.tensors["next_token_logprobs"]?.shape == [2, 47])
    }

    @Test func codesOfTheTinyCoderEqualTheGolden() throws {
        let folder = try TemporaryFolder()
        let coder = GoldenFiles.path("coders/sparsify_topk")
        let golden = coder + "/golden.safetensors"
        let output = folder.file("out.safetensors")
        let outcome = try program.run(["encode", "--coder", coder, "--input", golden, "--output", output])
        try #require(outcome.status == 0, "\(outcome.errors)")
        let (expected, found) = (try SafetensorsFile(path: golden), try SafetensorsFile(path: output))
        for name in ["codes", "output"] {
            let (a, b) = (try #require(found.tensors[name]).floats(), try #require(expected.tensors[name]).floats())
            let largest = zip(a, b).map { abs($0 - $1) }.max() ?? .infinity
            #expect(a.count == b.count)
            #expect(largest < 1e-5, "\(name)")
        }
    }

    @Test func tokenIdsAndGreedyTextsOfSmolLM2EqualTheGolden() throws {
        struct Greedy: Decodable {
            let prompt: String
            let greedy_ids: [UInt32]
        }
        struct Answer: Decodable { let ids: [UInt32] }
        let cases = try GoldenFiles.decode([Greedy].self, from: "smollm2/greedy.json")
        let lines = try cases.map { String(decoding: try JSONEncoder().encode(["prompt": $0.prompt]), as: UTF8.self) }
        let count = try #require(cases.map(\.greedy_ids.count).max())
        let outcome = try program.run(
            [
                "generate", "--model", Folders.model, "--max-tokens", "\(count)", "--activations", "f32",
                "--ignore-end",
            ],
            input: lines.joined(separator: "\n") + "\n")
        try #require(outcome.status == 0, "\(outcome.errors)")
        let answers = try outcome.lines(as: Answer.self)
        #expect(answers.map(\.ids) == cases.map(\.greedy_ids))

        let tokens = try program.run(["tokenize", "--model", Folders.model], input: "{\"text\": \"a\"}\n")
        #expect(tokens.output == "{\"ids\":[81]}\n")
    }

    @Test func aSeedDrawsTheSameTextAndAnotherSeedAnother() throws {
        func drawn(_ seed: Int, topK: Int? = nil) throws -> String {
            let few = topK.map { ["--top-k", "\($0)"] } ?? []
            let outcome = try program.run(
                ["generate", "--model", Folders.model, "--max-tokens", "12", "--temperature", "1", "--seed", "\(seed)"]
                    + few, input: "{\"prompt\": \"Once upon a time\"}\n")
            try #require(outcome.status == 0, "\(outcome.errors)")
            return outcome.output
        }
        let first = try drawn(1)
        #expect(try drawn(1) == first)
        #expect(try drawn(2) != first)
        #expect(try drawn(1, topK: 1) == drawn(2, topK: 1))
        let refused = try program.run(
            ["generate", "--model", Folders.model, "--max-tokens", "1", "--top-p", "0"], input: "{\"prompt\": \"a\"}\n")
        #expect(refused.status == 65)
        #expect(refused.errors.contains("topP"))
    }

    @Test func badRecordsBecomeDeadLettersAndNothingElseIsLost() throws {
        let subject = try TinySubject()
        let good = "{\"text\": \"The river carries the stone and the letter follows the garden.\"}"
        let large = "{\"text\": \"" + String(repeating: "long ", count: 2_200_000) + "\"}"
        try subject.folder.write(
            [
                good, "not json", "{\"text\": 5}", "{\"tokens\": [1, 2, 999999]}", "{\"text\": \"\"}", "[]", large,
                good,
                "{\"tokens\": [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18]}",
            ].joined(separator: "\n"), to: "bad.ndjson")
        let source = "{ type: file, path: \"\(subject.folder.file("bad.ndjson"))\", maximum_record: 10MB }"
        let topology = try subject.topology("bad", source: source)
        let outcome = try program.run(["run", topology, "--until-drained", "--quiet"])
        try #require(outcome.status == 0, "\(outcome.errors)")
        struct Report: Decodable {
            struct Offset: Decodable { let next: Int64 }
            let dead_letters: [String: Int]
            let offsets: [Offset]
        }
        let text = try program.run(["report", subject.state("bad"), "--json"]).output
        let report = try JSONDecoder().decode(Report.self, from: Data(text.utf8))
        #expect(
            report.dead_letters == [
                "not-json": 1, "wrong-shape": 2, "token-out-of-range": 1, "empty": 1, "too-large": 1,
            ])
        let size = try FileManager.default.attributesOfItem(atPath: subject.folder.file("bad.ndjson"))[.size] as? Int64
        #expect(report.offsets.map(\.next) == [size].compactMap(\.self))
    }

    @Test func aSecondDaemonOnTheSameStateAndAnotherTopologyAreRefused() throws {
        let subject = try TinySubject()
        let corpus = try subject.corpus(documents: 40)
        let source = "{ type: file, path: \"\(corpus)\" }"
        let first = try subject.topology("state", source: source)
        #expect(try program.run(["run", first, "--until-drained", "--quiet"]).status == 0)
        let changed = try subject.topology("state", source: source, window: 8)
        let refused = try program.run(["run", changed, "--until-drained", "--quiet"])
        #expect(refused.status == 78)
        #expect(refused.errors.contains("evidence"))

        let stdin = try subject.topology("waiting", source: "{ type: stdin }")
        let waiting = program.makeProcess(["run", stdin, "--verbose"])
        let (input, errors) = (Pipe(), Pipe())
        waiting.standardInput = input
        waiting.standardError = errors
        waiting.standardOutput = FileHandle.nullDevice
        try waiting.run()
        var told = ""
        while !told.contains("[checkpoint]") {
            let data = errors.fileHandleForReading.availableData
            if data.isEmpty { break }
            told += String(decoding: data, as: UTF8.self)
        }
        let second = try program.run(["run", stdin, "--until-drained", "--quiet"])
        #expect(second.status == 75)
        #expect(second.errors.contains("\(waiting.processIdentifier)"))
        try input.fileHandleForWriting.close()
        waiting.terminate()
        waiting.waitUntilExit()
        #expect(waiting.terminationReason == .exit)
        #expect(waiting.terminationStatus == 0)
    }

    @Test func aBrokerThatIsNotThereIsAClearError() throws {
        let subject = try TinySubject()
        let outcome = try program.run([
            "feed", try subject.corpus(documents: 2), "--brokers", "127.0.0.1:1", "--topic", "x",
        ])
        #expect(outcome.status == 75)
        #expect(outcome.errors.contains("127.0.0.1:1"))
    }
}
