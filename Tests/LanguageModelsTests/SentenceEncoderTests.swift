import Foundation
import LanguageModels
import Testing
import WeightFiles

@Suite struct SentenceEncoderTests {
    private static let sentences: [[Int32]] = [
        [1, 2], [7], [1, 30, 12, 2], [1, 5, 6, 7, 8, 9, 10, 2], (0..<20).map { Int32($0 * 7 % 40) },
    ]

    @Test func vectorsAgreeWithTheFormulas() throws {
        let bert = try TinyBERT()
        let encoder = try SentenceEncoder(folder: bert.folder)
        #expect(encoder.width == 12 && encoder.maximumTokens == 20)
        let found = try encoder.encode(Self.sentences)
        #expect(found.count == 12 * Self.sentences.count)
        for (index, sentence) in Self.sentences.enumerated() {
            let vector = found[(index * 12)..<(index * 12 + 12)]
            #expect(relativeError(vector, bert.encode(sentence).map { Float($0) }) < 1e-5)
            #expect(abs(vector.reduce(0) { $0 + $1 * $1 } - 1) < 1e-5)
        }
    }

    @Test func aSentenceGivesTheSameBitsInEveryBatch() throws {
        let bert = try TinyBERT()
        let encoder = try SentenceEncoder(folder: bert.folder)
        let many = (0..<90).map { count in (0..<(count % 20 + 1)).map { Int32(($0 * 11 + count) % 40) } }
        let together = try encoder.encode(many)
        for (index, sentence) in many.enumerated() {
            let alone = try encoder.encode([sentence])
            #expect(together[(index * 12)..<(index * 12 + 12)].map(\.bitPattern) == alone.map(\.bitPattern))
        }
        #expect(try encoder.encode([]).isEmpty)
    }

    @Test func wrongRequestsAreNamed() throws {
        let bert = try TinyBERT()
        let encoder = try SentenceEncoder(folder: bert.folder)
        #expect(throws: ModelError.noTokens) { try encoder.encode([[1], []]) }
        #expect(throws: ModelError.contextTooLong(tokens: 21, maximum: 20)) {
            try encoder.encode([[Int32](repeating: 1, count: 21)])
        }
        for token in [Int32(40), -1, .min, .max] {
            let expected = ModelError.tokenOutOfRange(
                token: UInt32(bitPattern: token), context: 1, position: 1, vocabulary: 40)
            #expect(throws: expected) { try encoder.encode([[1], [2, token]]) }
        }
    }

    @Test(arguments: [
        ("hidden_size", "13"), ("num_attention_heads", "5"), ("hidden_act", "\"relu\""),
        ("position_embedding_type", "\"relative_key\""), ("model_type", "\"llama\""), ("layer_norm_eps", "0"),
        ("max_position_embeddings", "25"), ("type_vocab_size", "0"), ("type_vocab_size", "3"), ("hidden_size", "null"),
    ])
    func aWrongSettingIsRefused(key: String, value: String) throws {
        let bert = try TinyBERT()
        let object = try JSONSerialization.jsonObject(with: Data(value.utf8), options: .fragmentsAllowed)
        try bert.write(settings: [key: object])
        let error = try #require(throws: ModelError.self) { try SentenceEncoder(folder: bert.folder) }
        #expect(error.description.contains(bert.folder))
    }

    @Test func faultyTensorsAreNamed() throws {
        let bert = try TinyBERT()
        for tensor in bert.tensors {
            try bert.write(tensors: bert.tensors.filter { $0.name != tensor.name })
            #expect(throws: ModelError.missingTensor(name: tensor.name, file: bert.folder)) {
                try SentenceEncoder(folder: bert.folder)
            }
        }
        try bert.write(tensors: bert.tensors + [("encoder.layer.0.extra", [1], [0])])
        #expect(throws: ModelError.self) { try SentenceEncoder(folder: bert.folder) }
        try bert.write(
            tensors: bert.tensors + [("pooler.dense.weight", [1], [0]), ("embeddings.position_ids", [1], [0])])
        _ = try SentenceEncoder(folder: bert.folder)
        let damaged = bert.tensors.map { tensor in
            tensor.name == "encoder.layer.1.output.dense.bias"
                ? (tensor.name, tensor.shape, tensor.values.map { _ in Float.nan }) : tensor
        }
        try bert.write(tensors: damaged)
        let error = try #require(throws: ModelError.self) { try SentenceEncoder(folder: bert.folder) }
        #expect(error.description.contains("encoder.layer.1.output.dense.bias"))
    }

    @Test func theFilesBesideAreMinded() throws {
        let bert = try TinyBERT()
        func write(_ text: String, _ name: String) throws {
            let path = bert.folder + "/" + name
            try FileManager.default.createDirectory(
                atPath: (path as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
            try Data(text.utf8).write(to: URL(fileURLWithPath: path))
        }
        try write("{\"max_seq_length\": 5}", "sentence_bert_config.json")
        #expect(try SentenceEncoder(folder: bert.folder).maximumTokens == 5)
        try write("{\"max_seq_length\": 0}", "sentence_bert_config.json")
        #expect(throws: ModelError.self) { try SentenceEncoder(folder: bert.folder) }
        try write("{\"max_seq_length\": 100}", "sentence_bert_config.json")
        #expect(try SentenceEncoder(folder: bert.folder).maximumTokens == 20)
        try write("{\"pooling_mode_cls_token\": false, \"pooling_mode_mean_tokens\": true}", "1_Pooling/config.json")
        _ = try SentenceEncoder(folder: bert.folder)
        try write("{\"pooling_mode_cls_token\": true, \"pooling_mode_mean_tokens\": false}", "1_Pooling/config.json")
        #expect(throws: ModelError.self) { try SentenceEncoder(folder: bert.folder) }
    }
}
