import Elements
import Foundation
import TestSupport
import Testing

@testable import Tokenization

@Suite struct TokenizerJSONTests {
    private let tiny = TinyVocabulary.sample
    private let text = "the cat's  12 hats\n\n7 <|im_end|>and é"

    @Test func idsEqualThoseOfTheSameVocabularyInGGUF() throws {
        let folder = try TemporaryFolder(json: tiny.json)
        for tokenizer in [try folder.load(), try folder.load("tokenizer.json")] {
            #expect(try tokenizer.encode(text) == tiny.tokenizer.encode(text))
            #expect(try tokenizer.encodeWithSpecialTokens(text) == tiny.tokenizer.encodeWithSpecialTokens(text))
            #expect(tokenizer.text(of: tokenizer.encode(text)) == text)
            #expect(tokenizer.bosToken == nil && tokenizer.addsBOS == nil && tokenizer.chatTemplate == nil)
        }
    }

    @Test func mergesMayBePairs() throws {
        var json = tiny.json
        var model = try #require(json["model"] as? [String: Any])
        model["merges"] = tiny.merges.map { [$0.left, $0.right] }
        json["model"] = model
        #expect(try TemporaryFolder(json: json).load().encode(text) == tiny.tokenizer.encode(text))
    }

    @Test(arguments: SplitRule.allCases)
    func eachKnownPreTokenizerIsRecognised(rule: SplitRule) throws {
        var json = tiny.json
        let numbers = rule == .llama3 ? #"\p{N}{1,3}"# : #"\p{N}"#
        let expression =
            #"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|"# + numbers
            + #"| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"#
        let first: [String: Any] =
            switch rule {
            case .gpt2:
                [
                    "type": "Split", "behavior": "Isolated", "invert": false,
                    "pattern": [
                        "Regex": #"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"#
                    ],
                ]
            case .isolatedDigits: ["type": "Digits", "individual_digits": true]
            case .gpt4o:
                [
                    "type": "Split", "behavior": "Isolated", "invert": false,
                    "pattern": [
                        "Regex":
                            #"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?"#
                            + #"|[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?"#
                            + #"|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+"#
                    ],
                ]
            case .llama3, .qwen2:
                ["type": "Split", "behavior": "Isolated", "invert": false, "pattern": ["Regex": expression]]
            }
        let bytes: [String: Any] = [
            "type": "ByteLevel", "add_prefix_space": false, "use_regex": rule == .isolatedDigits,
        ]
        json["pre_tokenizer"] = ["type": "Sequence", "pretokenizers": [first, bytes]] as [String: Any]
        let tokenizer = try TemporaryFolder(json: json).load()
        #expect(tokenizer.encode(text) == NaiveBPE.encode(text, tiny, rule))
    }

    /// Of an expression that matches everything, taking out what it does not match leaves all.
    @Test(arguments: [("Removed", true, true), ("Removed", false, false), ("Isolated", true, false)])
    func theOtherWayToSplitIsRecognised(behavior: String, isInverted: Bool, isTaken: Bool) throws {
        var json = tiny.json
        let expression = #"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"#
        let split: [String: Any] = [
            "type": "Split", "behavior": behavior, "invert": isInverted, "pattern": ["Regex": expression],
        ]
        let bytes: [String: Any] = ["type": "ByteLevel", "add_prefix_space": false, "use_regex": false]
        json["pre_tokenizer"] = ["type": "Sequence", "pretokenizers": [split, bytes]] as [String: Any]
        let folder = try TemporaryFolder(json: json)
        if isTaken {
            #expect(try folder.load().encode(text) == NaiveBPE.encode(text, tiny, .gpt2))
        } else {
            #expect(throws: TokenizerError.self) { try folder.load() }
        }
    }

    @Test func settingsBesideItAreRead() throws {
        let folder = try TemporaryFolder(
            json: tiny.json,
            settings: [
                "bos_token": ["content": "<|im_start|>"], "eos_token": "<|im_end|>", "add_bos_token": true,
                "chat_template": [["name": "tool_use", "template": "a"], ["name": "default", "template": "b"]],
            ])
        let tokenizer = try folder.load()
        #expect(tokenizer.bosToken == 1 && tokenizer.endOfSequence == 2 && tokenizer.addsBOS == true)
        #expect(tokenizer.chatTemplate == "b")
    }

    @Test func thePostProcessorSaysWhetherABOSIsAdded() throws {
        var json = tiny.json
        let template: [String: Any] = [
            "type": "TemplateProcessing",
            "single": [
                ["SpecialToken": ["id": "<|endoftext|>", "type_id": 0]], ["Sequence": ["id": "A", "type_id": 0]],
            ],
        ]
        json["post_processor"] =
            ["type": "Sequence", "processors": [["type": "ByteLevel"], template]] as [String: Any]
        let adding = try TemporaryFolder(json: json).load()
        #expect(adding.addsBOS == true && adding.bosToken == 0)
        json["post_processor"] = ["type": "ByteLevel"]
        let plain = try TemporaryFolder(json: json).load()
        #expect(plain.addsBOS == false && plain.bosToken == nil)
    }

    @Test func aByteWithoutTokenIsDroppedOrBecomesTheUnknownToken() throws {
        var json = tiny.json
        var model = try #require(json["model"] as? [String: Any])
        var vocabulary = try #require(model["vocab"] as? [String: Int])
        vocabulary["z"] = nil
        model["vocab"] = vocabulary
        func ids(_ text: String) throws -> [UInt32] {
            json["model"] = model
            return try TemporaryFolder(json: json).load().encode(text)
        }
        let the = try ids("the")
        #expect(try ids("thze") == the)
        model["unk_token"] = "<|endoftext|>"
        #expect(try ids("zzthe") == [0, 0] + the)
        model["fuse_unk"] = true
        #expect(try ids("zzthe") == [0] + the)
    }

    @Test func wholeWordsAreTakenWhereMergesAreIgnored() throws {
        var json = tiny.json
        var model = try #require(json["model"] as? [String: Any])
        var vocabulary = try #require(model["vocab"] as? [String: Int])
        let id = vocabulary.count
        vocabulary["xyzzy"] = id
        model["vocab"] = vocabulary
        json["model"] = model
        #expect(try TemporaryFolder(json: json).load().encode("xyzzy").count == 5)
        model["ignore_merges"] = true
        json["model"] = model
        #expect(try TemporaryFolder(json: json).load().encode("xyzzy") == [UInt32(id)])
    }

    @Test func textIsComposedWhereTheFileAsksForIt() throws {
        var json = tiny.json
        json["normalizer"] = ["type": "NFC"]
        let tokenizer = try TemporaryFolder(json: json).load()
        #expect(tokenizer.encode("e\u{301}a") == tokenizer.encode("\u{e9}a"))
        #expect(try tiny.tokenizer.encode("e\u{301}a") != tiny.tokenizer.encode("\u{e9}a"))
    }
}
