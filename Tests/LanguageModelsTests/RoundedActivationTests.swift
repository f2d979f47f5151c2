import Foundation
import LinearAlgebra
import Testing

@testable import LanguageModels

@Suite struct RoundedActivationTests {
    /// The tiny Llama with weights of four bits: ggml's Q4_0.
    private static func withModel<Result>(_ body: (LanguageModel) throws -> Result) throws -> Result {
        let change = { (builder: inout GGUFBuilder) in
            for index in builder.tensors.indices
            where builder.tensors[index].shape.count == 2 && builder.tensors[index].name != "token_embd.weight" {
                let floats = builder.tensors[index].bytes.withUnsafeBytes { bytes in
                    (0..<bytes.count / 4).map { bytes.loadUnaligned(fromByteOffset: 4 * $0, as: Float.self) }
                }
                builder.tensors[index].type = 2
                builder.tensors[index].bytes = q4_0(floats)
            }
        }
        return try LlamaGGUF.with(.f32, change: change) { try body(try LanguageModel(path: $0)) }
    }

    private static func q4_0(_ values: [Float]) -> [UInt8] {
        stride(from: 0, to: values.count, by: 32).flatMap { start -> [UInt8] in
            let block = Array(values[start..<start + 32])
            let scale = Float16((block.map(abs).max() ?? 0) / 7)
            let quanta = block.map { UInt8(min(max((scale == 0 ? 0 : $0 / Float(scale)).rounded() + 8, 0), 15)) }
            return GGUFBuilder.bytes(scale.bitPattern) + (0..<16).map { quanta[$0] | quanta[$0 + 16] << 4 }
        }
    }

    private static func tokens(_ count: Int, _ salt: Int) -> [UInt32] {
        (0..<count).map { UInt32(($0 * (37 + salt) + 11 * salt + 3) % 512) }
    }

    private static let requests = [
        GenerationRequest(prompt: tokens(5, 2), maximumTokens: 9),
        GenerationRequest(prompt: tokens(100, 1), maximumTokens: 6),
        GenerationRequest(prompt: tokens(100, 1) + [9], maximumTokens: 5),
        GenerationRequest(
            prompt: tokens(130, 3), purpose: .logProbabilities(of: [[1], [2, 3, 4], tokens(40, 4)])),
    ]

    private static func finish(_ batch: GenerationBatch, helpers: Int) -> [Int: GenerationEvent.Outcome] {
        var outcomes: [Int: GenerationEvent.Outcome] = [:]
        while batch.count > 0 {
            for event in batch.step(helpers: helpers) { outcomes[event.job] = event.outcome }
        }
        return outcomes
    }

    @Test(arguments: ActivationPrecision.allCases)
    func neitherNeighboursNorHelpersChangeABit(activations: ActivationPrecision) throws {
        try Self.withModel { model in
            let alone = try Self.requests.map { request in
                let batch = try GenerationBatch(model: model, activations: activations)
                let job = try batch.join(request)
                return Self.finish(batch, helpers: 0)[job]
            }
            let team = WorkTeam(name: "test", helpers: 2)
            for helpers in 0...2 {
                let batch = try GenerationBatch(model: model, activations: activations, team: team)
                let jobs = try Self.requests.map(batch.join)
                let outcomes = Self.finish(batch, helpers: helpers)
                #expect(jobs.map { outcomes[$0] } == alone)
            }
        }
    }

    @Test func roundingChangesLittle() throws {
        try Self.withModel { model in
            #expect(model.hasIntegerProducts)
            for count in [4, 150] {
                let exact = try GenerationSession(model: model).extend(Self.tokens(count, 5))
                let rounded = try GenerationSession(model: model, activations: .int8).extend(Self.tokens(count, 5))
                #expect(exact != rounded)
                let difference = zip(exact, rounded).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
                let size = exact.reduce(0) { $0 + $1 * $1 }
                #expect((difference / size).squareRoot() < 0.05)
            }
        }
    }

    @Test func weightsOfEightBitsAreMultipliedInIntegers() throws {
        try Self.withModel { #expect(!$0.hasProductsOfEightBits) }
        try LlamaGGUF.with(.q8_0) { path in
            let model = try LanguageModel(path: path)
            #expect(model.hasIntegerProducts && model.hasProductsOfEightBits)
            let exact = try GenerationSession(model: model).extend(Self.tokens(40, 5))
            let rounded = try GenerationSession(model: model, activations: .int8).extend(Self.tokens(40, 5))
            #expect(exact != rounded)
            let difference = zip(exact, rounded).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
            let size = exact.reduce(0) { $0 + $1 * $1 }
            #expect((difference / size).squareRoot() < 0.05)
        }
    }

    @Test func weightsOfOtherWidthsAreMultipliedAsBefore() throws {
        for precision in [LlamaGGUF.Precision.f32, .f16] {
            try LlamaGGUF.with(precision) { path in
                let model = try LanguageModel(path: path)
                #expect(!model.hasIntegerProducts && !model.hasProductsOfEightBits)
                let exact = try GenerationSession(model: model).extend(Self.tokens(40, 5))
                #expect(try GenerationSession(model: model, activations: .int8).extend(Self.tokens(40, 5)) == exact)
            }
        }
    }
}
