import Foundation
import TestSupport
import Testing

@testable import Tokenization

/// Tokenizer files that lie: an error each, and no trap.
@Suite struct HostileFileTests {
    private func error(_ files: [String: [UInt8]], _ name: String? = nil) throws -> TokenizerError? {
        let folder = try TemporaryFolder(files)
        return #expect(throws: TokenizerError.self) { try folder.load(name) }
    }

    private func golden(_ name: String) throws -> [String: Any] {
        let data = try Data(contentsOf: URL(filePath: Golden.path(name + "/tokenizer.json")))
        return try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
    }

    private func error(_ name: String, _ change: (inout [String: Any], inout [String: Any]) -> Void) throws
        -> TokenizerError?
    {
        var json = try golden(name)
        var model = try #require(json["model"] as? [String: Any])
        json["model"] = nil
        change(&json, &model)
        if json["model"] == nil { json["model"] = model }
        return try error(["tokenizer.json": Array(try JSONSerialization.data(withJSONObject: json))])
    }

    @Test(arguments: ["gpt2", "gemma", "bert"])
    func vocabulariesThatContradictThemselvesAreRefused(name: String) throws {
        #expect(try error(name) { $1["vocab"] = nil }?.field == "model.vocab")
        #expect(try error(name) { $1["vocab"] = ["a", "b"] }?.field == "model.vocab")
        let far = try error(name) { $1["vocab"] = ["a": 1 << 40] }
        #expect(far?.field == "model.vocab[a]" && far?.expected.hasPrefix("an id below") == true)
        let twice = try error(name) { $1["vocab"] = ["a": 3, "b": 3] }
        #expect(twice?.found.hasPrefix("3, which is that of") == true && twice?.expected == "an id of its own")
        let unknown = try error(name) { $1["unk_token"] = "nowhere" }
        #expect(unknown?.field == "model.unk_token")
    }

    @Test(arguments: ["gpt2", "gemma"])
    func mergesOfUnknownPiecesAreNamed(name: String) throws {
        let error = try error(name) { $1["merges"] = [["zq", "qz"]] }
        #expect(error?.field == "merges[0]" && error?.found == "zq qz")
        #expect(try self.error(name) { $1["merges"] = nil }?.field == "model.merges")
    }

    @Test func processingThatIsNotBuiltIsNamed() throws {
        let normalizer = try error("gemma") { json, _ in json["normalizer"] = ["type": "NFKC"] }
        #expect(normalizer?.field == "normalizer" && normalizer?.found == "NFKC" && normalizer?.kind == .unsupported)
        let split = try error("metaspace") { json, _ in
            json["pre_tokenizer"] = ["type": "Metaspace", "replacement": "\u{2581}", "split": true] as [String: Any]
        }
        #expect(split?.field == "pre_tokenizer")
        let words = try error("bert") { json, _ in json["pre_tokenizer"] = ["type": "Whitespace"] }
        #expect(words?.field == "pre_tokenizer" && words?.expected == "BertPreTokenizer")
        let lower = try error("bert") { json, _ in json["normalizer"] = ["type": "Lowercase"] }
        #expect(lower?.field == "normalizer")
        let longest = try error("bert") { $1["max_input_chars_per_word"] = 0 }
        #expect(longest?.field == "model.max_input_chars_per_word")
        let around = try error("bert") { json, _ in
            json["post_processor"] =
                ["type": "BertProcessing", "cls": ["[X]", 1], "sep": ["[SEP]", 2]] as [String: Any]
        }
        #expect(around?.field == "post_processor" && around?.found == "[X]")
    }

    @Test func scoresMustBeThereForEachPiece() throws {
        let bytes = Array(try Data(contentsOf: URL(filePath: Golden.path("pieces.gguf"))))
        let key = Array("tokenizer.ggml.scores".utf8)
        let place = try #require(bytes.indices.first { bytes[$0...].starts(with: key) })
        var renamed = bytes
        renamed[place] = 0x58
        let missing = try error(["model.gguf": renamed], "model.gguf")
        #expect(missing?.field == "tokenizer.ggml.scores" && missing?.found == "nothing")
        var notANumber = bytes
        // Behind the key: the type of value, the type of element and the count, then numbers of four bytes.
        let first = place + key.count + 4 + 4 + 8
        for (offset, byte) in [0, 0, 0xc0, 0x7f].enumerated() { notANumber[first + offset] = UInt8(byte) }
        let error = try error(["model.gguf": notANumber], "model.gguf")
        #expect(error?.field == "tokenizer.ggml.scores" && error?.found == "NaN")
    }

    @Test func linesThatAreNoVocabularyAreRefused() throws {
        #expect(try error(["vocab.txt": Array("a\nb\n".utf8)])?.field == "lines")
        #expect(try error(["vocab.txt": [0x61, 0xff, 0x0a]])?.field == "text")
        #expect(try error(["tokenizer.json": [0x7b, 0x22, 0xff, 0x22, 0x7d]])?.kind == .file)
        let repeated = try error(["tokenizer.json": Array(#"{"model":{"vocab":{"a":0,"b":1,"a":2}}}"#.utf8)])
        #expect(repeated?.field == "offset 31" && repeated?.found == #"no JSON: "\"a\":2}}}""#)
        #expect(repeated?.expected == "each name once in an object")
    }

    /// Whatever byte of a file is changed, loading it gives a tokenizer or an error.
    @Test(arguments: ["pieces.gguf", "gemma/tokenizer.json", "bert/tokenizer.json"])
    func noChangedFileTraps(name: String) throws {
        let bytes = Array(try Data(contentsOf: URL(filePath: Golden.path(name))))
        let file = name.hasSuffix(".gguf") ? "model.gguf" : "tokenizer.json"
        var random = SplitMix(state: 5)
        var loaded = 0
        for round in 0..<60 {
            var changed = bytes
            for _ in 0..<(1 + round % 4) {
                changed[Int.random(in: 0..<min(bytes.count, round.isMultiple(of: 2) ? 900 : .max), using: &random)] =
                    UInt8.random(in: 0...255, using: &random)
            }
            if round % 5 == 0 { changed = Array(changed.prefix(Int.random(in: 0..<bytes.count, using: &random))) }
            let folder = try TemporaryFolder([file: changed])
            do throws(TokenizerError) {
                let tokenizer = try Tokenizer.load(from: folder.file(file))
                loaded += tokenizer.spans(of: "the \u{2581}cat é 日\n").count > 0 ? 1 : 0
            } catch {
                #expect(!error.description.isEmpty && error.file == folder.file(file))
            }
        }
        #expect(loaded < 60)
    }
}
