import Foundation
import TestSupport
import Testing

@testable import Tokenization

@Suite struct TokenizerErrorTests {
    private func error(_ change: (inout TinyVocabulary) -> Void, bytes: ([UInt8]) -> [UInt8] = { $0 }) throws
        -> TokenizerError?
    {
        var tiny = TinyVocabulary.sample
        change(&tiny)
        let folder = try TemporaryFolder(["model.gguf": bytes(tiny.gguf)])
        let error = #expect(throws: TokenizerError.self) { try folder.load("model.gguf") }
        #expect(error?.file == folder.file("model.gguf"))
        return error
    }

    @Test func faultsOfAGGUFFileAreNamed() throws {
        let unknown = try error { $0.rule = "tekken" }
        #expect(unknown?.kind == .unsupported && unknown?.field == "tokenizer.ggml.pre" && unknown?.found == "tekken")
        let merge = try error { $0.merges.append(("zq", "x")) }
        #expect(merge?.kind == .invalid && merge?.field == "merges[30]" && merge?.found == "zq x")
        let empty = try error { $0.merges.append(("", "x")) }
        #expect(empty?.field == "tokenizer.ggml.merges[30]")
        let cut = try error({ _ in }, bytes: { $0.dropLast(3) })
        #expect(cut?.kind == .file && cut?.field == "metadata[tokenizer.ggml.add_bos_token].type")
    }

    @Test(arguments: [
        ("tokenizer.ggml.model", TokenizerError.Kind.unsupported), ("tokenizer.ggml.tokens", .invalid),
        ("tokenizer.ggml.merges", .invalid),
    ])
    func aMissingFieldIsNamed(field: String, kind: TokenizerError.Kind) throws {
        let renamed = try error({ _ in }) { bytes in
            var bytes = bytes
            let name = Array(field.utf8)
            if let place = bytes.indices.first(where: { bytes[$0...].starts(with: name) }) { bytes[place] = 0x58 }
            return bytes
        }
        #expect(renamed?.kind == kind && renamed?.field == field && renamed?.found == "nothing")
    }

    @Test func tokensOutOfRangeAreRefused() throws {
        let refused = try error({ $0.controls = [] }) { bytes in
            var bytes = bytes
            let name = Array("tokenizer.ggml.bos_token_id".utf8)
            if let place = bytes.indices.first(where: { bytes[$0...].starts(with: name) }) {
                bytes[place + name.count + 7] = 0xff
            }
            return bytes
        }
        #expect(refused?.field == "tokenizer.ggml.bos_token_id")
    }

    @Test func filesThatAreMissingOrNoTokenizerAreNamed() throws {
        #expect(#expect(throws: TokenizerError.self) { try Tokenizer.load(from: "/nowhere") }?.file == "/nowhere")
        let folder = try TemporaryFolder(["tokenizer.json": Array("[1".utf8), "other.json": Array("[]".utf8)])
        let broken = #expect(throws: TokenizerError.self) { try folder.load() }
        #expect(broken?.file == folder.file("tokenizer.json") && broken?.field == "offset 2")
        let array = #expect(throws: TokenizerError.self) { try folder.load("other.json") }
        #expect(array?.expected == "a JSON object")
    }

    struct JSONFault: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let kind: TokenizerError.Kind
        let change: @Sendable (inout [String: Any]) -> Void

        init(_ field: String, _ kind: TokenizerError.Kind, _ change: @escaping @Sendable (inout [String: Any]) -> Void)
        {
            testDescription = field
            self.kind = kind
            self.change = change
        }

        init(_ field: String, _ kind: TokenizerError.Kind, model key: String, _ value: any Sendable) {
            self.init(field, kind) { json in
                var model = json["model"] as? [String: Any] ?? [:]
                model[key] = value
                json["model"] = model
            }
        }

        init(_ field: String, _ kind: TokenizerError.Kind, token: [String: any Sendable]) {
            self.init(field, kind) { $0["added_tokens"] = [token] }
        }
    }

    static let faults = [
        JSONFault("model.vocab", .invalid) { $0["model"] = nil },
        JSONFault("model.type", .unsupported, model: "type", "Unigram"),
        JSONFault("model.merges", .invalid, model: "merges", 1),
        JSONFault("model.merges[0]", .invalid, model: "merges", ["ab"]),
        JSONFault("model.merges[0]", .invalid, model: "merges", [["a", "b", "c"]]),
        JSONFault("model.vocab[a]", .invalid, model: "vocab", ["a": 4_000_000_000]),
        JSONFault("model.vocab[a]", .invalid, model: "vocab", ["a": -1]),
        JSONFault("model.vocab[a]", .invalid, model: "vocab", ["a": "b"]),
        JSONFault("model.unk_token", .invalid, model: "unk_token", "<nothing>"),
        JSONFault("model.byte_fallback", .unsupported, model: "byte_fallback", true),
        JSONFault("model.end_of_word_suffix", .unsupported, model: "end_of_word_suffix", "</w>"),
        JSONFault("added_tokens[0].content", .invalid, token: ["id": 3]),
        JSONFault("added_tokens[0].id", .invalid, token: ["content": "x", "id": 99_999]),
        JSONFault("pre_tokenizer", .unsupported) { $0["pre_tokenizer"] = ["type": "Metaspace"] },
        JSONFault("pre_tokenizer", .unsupported) { $0["pre_tokenizer"] = ["type": "Whitespace"] },
        JSONFault("pre_tokenizer", .unsupported) { $0["pre_tokenizer"] = NSNull() },
        JSONFault("pre_tokenizer", .unsupported) {
            $0["pre_tokenizer"] = ["type": "ByteLevel", "add_prefix_space": true] as [String: Any]
        },
        JSONFault("normalizer", .unsupported) { $0["normalizer"] = ["type": "Lowercase"] },
    ]

    @Test(arguments: faults)
    func faultsOfATokenizerJSONAreNamed(fault: JSONFault) throws {
        var json = TinyVocabulary.sample.json
        fault.change(&json)
        let folder = try TemporaryFolder(json: json)
        let error = #expect(throws: TokenizerError.self) { try folder.load() }
        #expect(error?.field == fault.testDescription && error?.kind == fault.kind)
        #expect(error?.description.contains(folder.path) == true)
    }
}
