import Foundation
import TestSupport
import Testing
import WeightFiles

/// `gloss embed` with the real sentence encoder against sentence-transformers.
@Suite(.timeLimit(.minutes(5))) struct EmbedTests {
    @Test func embeddingsOfTheRealEncoderEqualTheGolden() throws {
        let sentences = try GoldenFiles.decode([String].self, from: "embeddings/sentences.json")
        let file = try SafetensorsFile(path: GoldenFiles.path("embeddings/embeddings.safetensors"))
        let tensor = try #require(file.tensors.values.first)
        #expect(tensor.shape == [sentences.count, 384])
        let expected = try tensor.floats()

        struct Line: Encodable { let text: String }
        struct Answer: Decodable { let embedding: [Float] }
        let input = try sentences.map { String(decoding: try JSONEncoder().encode(Line(text: $0)), as: UTF8.self) }
        let model = Folders.root.appending(path: "models/all-MiniLM-L6-v2").path
        let outcome = try GlossProgram().run(["embed", "--model", model], input: input.joined(separator: "\n") + "\n")
        try #require(outcome.status == 0, "\(outcome.errors)")
        let answers = try outcome.lines(as: Answer.self).map(\.embedding)
        try #require(answers.count == sentences.count)
        for (index, answer) in answers.enumerated() {
            let other = expected[index * 384..<(index + 1) * 384]
            let cosine = zip(answer, other).reduce(0.0) { $0 + Double($1.0) * Double($1.1) }
            #expect(cosine > 0.9999, "\(sentences[index].prefix(40))")
        }
    }

    @Test func aModelThatIsNoSentenceEncoderIsRefusedByName() throws {
        let model = GoldenFiles.path("architectures/llama")
        let outcome = try GlossProgram().run(["embed", "--model", model], input: "{\"text\": \"a\"}\n")
        #expect(outcome.status == 65)
        #expect(outcome.errors.contains("architectures/llama"))
    }
}
