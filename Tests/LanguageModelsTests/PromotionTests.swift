import Elements
import LanguageModels
import LinearAlgebra
import TestSupport
import Testing
import WeightFiles

/// What directions do to logits, against the sum over the head's rows in double precision.
@Suite struct PromotionTests {
    /// The norm and the head of an architecture's folder, and whether the norm centres.
    struct Place: Sendable {
        let architecture: String
        let norm: String
        let head: String
        var normAddend = 0.0
        var centres = false
    }

    private static let places = [
        Place(architecture: "llama", norm: "model.norm", head: "lm_head"),
        Place(architecture: "gpt2", norm: "transformer.ln_f", head: "transformer.wte", centres: true),
        Place(architecture: "gpt_neox", norm: "gpt_neox.final_layer_norm", head: "embed_out", centres: true),
        Place(architecture: "gemma2", norm: "model.norm", head: "model.embed_tokens", normAddend: 1),
    ]

    @Test(arguments: places) func aDirectionRaisesLogitsByItsProductWithTheHeadUnderTheLastNormsWeight(
        place: Place
    ) throws {
        let folder = GoldenFiles.path("architectures/" + place.architecture)
        let model = try LanguageModel(path: folder)
        let file = try SafetensorsFile(path: folder + "/model.safetensors")
        let weight = try #require(file.tensors[place.norm + ".weight"]).floats().map(Double.init)
        let head = try #require(file.tensors[place.head + ".weight"] ?? file.tensors["model.embed_tokens.weight"])
            .floats().map(Double.init)
        let width = model.configuration.width
        var numbers = NumberStream(seed: 5)
        var directions = Matrix(rows: 3, columns: width)
        directions.values = numbers.floats(3 * width)
        let found = try model.promotion(by: directions)
        #expect(found.rows == 3 && found.columns == model.configuration.vocabulary)
        var expected: [Float] = []
        for row in 0..<3 {
            let direction = directions.values[row * width..<(row + 1) * width].map(Double.init)
            let mean = place.centres ? direction.reduce(0, +) / Double(width) : 0
            for token in 0..<model.configuration.vocabulary {
                var sum = 0.0
                for column in 0..<width {
                    sum +=
                        head[token * width + column] * (weight[column] + place.normAddend) * (direction[column] - mean)
                }
                expected.append(Float(sum))
            }
        }
        #expect(relativeError(found.values, expected) < 1e-5)
    }

    /// Gemma 2 has a norm after each module.
    @Test(arguments: [("llama", true), ("gemma2", false)]) func aModulesOutputIsAddedAsItIsUnlessANormComesAfterIt(
        architecture: String, isAdded: Bool
    ) throws {
        let model = try LanguageModel(path: GoldenFiles.path("architectures/" + architecture))
        let adds = { (site: Hookpoint.Site) in model.addsToResidual(at: Hookpoint(block: 1, site: site)) }
        #expect(adds(.residual) && adds(.input) && adds(.middle) && adds(.attentionNormed) && adds(.feedForwardNormed))
        #expect(adds(.attention) == isAdded && adds(.feedForward) == isAdded)
        #expect(!adds(.attentionInput) && !adds(.feedForwardInput) && !adds(.neurons) && !adds(.heads))
        #expect(!model.addsToResidual(at: Hookpoint(block: 99, site: .residual)))
        let stands = { (site: Hookpoint.Site) in model.representative(of: Hookpoint(block: 1, site: site)) }
        #expect((stands(.attentionNormed) == stands(.attention)) == isAdded)
        #expect((stands(.feedForwardNormed) == stands(.feedForward)) == isAdded)
        #expect(stands(.input) == Hookpoint(block: 0, site: .residual) && stands(.middle).site == .middle)
    }
}
