import Elements
import Hashing
import TestSupport
import Testing

@testable import SparseCoders

/// Every activation through the tiles, against its definition in double precision.
@Suite struct ActivationEncodingTests {
    enum Case: String, CaseIterable { case topK, relu, jumpReLU, gated, groupMax }

    private let width = 40
    private let latents = 2200

    private func activation(_ kind: Case) -> LatentActivation {
        var numbers = NumberStream(seed: 3)
        let values = numbers.floats(latents)
        return switch kind {
        case .topK: .topK(20)
        case .relu: .relu
        case .jumpReLU: .jumpReLU(thresholds: values.map { $0 * 4 })
        case .gated: .gated(scales: values.map { 1 + abs($0) }, biases: numbers.floats(latents))
        case .groupMax: .groupMax(groups: 11)
        }
    }

    private func coder(_ activation: LatentActivation) -> SparseCoder {
        var numbers = NumberStream(seed: 4)
        let encoder = numbers.floats(latents * width)
        return SparseCoder(
            folder: "test",
            parameters: CoderParameters(
                inputWidth: width, outputWidth: width, latents: latents, activation: activation,
                encoder: .matrix(encoder), encoderBias: numbers.floats(latents), inputOffset: numbers.floats(width),
                decoder: .matrix(encoder), outputBias: numbers.floats(width), digest: Hash128(high: 0, low: 0)))
    }

    private func naive(_ coder: SparseCoder, _ input: ArraySlice<Float>) -> [Int: Double] {
        guard case .matrix(let encoder) = coder.parameters.encoder, let offset = coder.parameters.inputOffset else {
            return [:]
        }
        let centred = zip(input, offset).map { Double($0 - $1) }
        let products = (0..<latents).map { latent in
            (0..<width).reduce(0.0) { $0 + Double(encoder[latent * width + $1]) * centred[$1] }
        }
        let values = zip(products, coder.parameters.encoderBias).map { $0 + Double($1) }
        return switch coder.parameters.activation {
        case .topK(let k): NaiveActivation.topK(values, k: k)
        case .relu: NaiveActivation.threshold(values, nil)
        case .jumpReLU(let thresholds): NaiveActivation.threshold(values, thresholds.map { Double($0) })
        case .gated(let scales, let biases):
            NaiveActivation.gated(
                gates: values,
                magnitudes: products.indices.map { products[$0] * Double(scales[$0]) + Double(biases[$0]) })
        case .groupMax(let groups): NaiveActivation.groupMax(values, groups: groups)
        }
    }

    @Test(arguments: Case.allCases)
    func sameAsTheNaiveTwin(kind: Case) throws {
        let coder = coder(activation(kind))
        var numbers = NumberStream(seed: 9)
        let input = numbers.matrix(70, width)
        let codes = try EncodeWorker(coder: coder).encode(input)
        for row in 0..<70 {
            let expected = naive(coder, input.values[row * width..<(row + 1) * width])
            var found: [Int: Double] = [:]
            for pair in codes.rowStarts[row]..<codes.rowStarts[row + 1] {
                found[Int(codes.latents[pair])] = Double(codes.activations[pair])
            }
            // What is within rounding of its threshold may fall on either side; there is little of it.
            let differing = Set(found.keys).symmetricDifference(expected.keys)
            #expect(differing.count <= 1 && found.count <= coder.k && !found.isEmpty)
            for (latent, value) in found where !differing.contains(latent) {
                #expect(abs(value - (expected[latent] ?? 0)) < 1e-4)
            }
        }
    }

    @Test(arguments: Case.allCases)
    func aRowDoesNotDependOnItsBatch(kind: Case) throws {
        let worker = EncodeWorker(coder: coder(activation(kind)))
        var numbers = NumberStream(seed: 21)
        let probe = numbers.matrix(1, width)
        let alone = try worker.encode(probe)
        #expect(!alone.latents.isEmpty)
        for count in [2, 49, 130, 700] {
            var batch = numbers.matrix(count, width)
            let places = Array(stride(from: 0, to: count, by: 7)) + [count - 1]
            for place in places {
                batch.values.replaceSubrange(place * width..<(place + 1) * width, with: probe.values)
            }
            let codes = try worker.encode(batch)
            for place in places {
                let pairs = codes.rowStarts[place]..<codes.rowStarts[place + 1]
                #expect(codes.latents[pairs].elementsEqual(alone.latents))
                #expect(codes.activations[pairs].elementsEqual(alone.activations))
            }
        }
    }

    /// An input whose products overflow to ∞ − ∞.
    @Test(arguments: Case.allCases)
    func anActivationThatIsNoNumberIsNamed(kind: Case) throws {
        let weights: [Float] = [0, 0, 1e30, -1e30]
        let activation: LatentActivation =
            switch kind {
            case .topK: .topK(1)
            case .relu: .relu
            case .jumpReLU: .jumpReLU(thresholds: [0, 0])
            case .gated: .gated(scales: [1, 1], biases: [0, 0])
            case .groupMax: .groupMax(groups: 2)
            }
        let coder = SparseCoder(
            folder: "test",
            parameters: CoderParameters(
                inputWidth: 2, outputWidth: 2, latents: 2, activation: activation, encoder: .matrix(weights),
                encoderBias: [0, 0], inputOffset: nil, decoder: .matrix(weights), outputBias: [0, 0],
                digest: Hash128(high: 0, low: 0)))
        let input = try #require(Matrix(rows: 2, columns: 2, values: [1, 1, 1e30, 1e30]))
        #expect(throws: CoderError.activationNotFinite(row: 1, latent: 1)) {
            try EncodeWorker(coder: coder).encode(input)
        }
    }

    @Test func codesThatAreNotSparseAreRefused() throws {
        let latents = 40_000
        let coder = SparseCoder(
            folder: "test",
            parameters: CoderParameters(
                inputWidth: 1, outputWidth: 1, latents: latents, activation: .relu,
                encoder: .matrix((0..<latents).map { Float($0 < 5000 ? 1 : ($0 < 5001 ? 2 : 0)) }),
                encoderBias: (0..<latents).map { $0 == 5000 ? -2.5 : 0 }, inputOffset: nil,
                decoder: .matrix([Float](repeating: 1, count: latents)), outputBias: [0],
                digest: Hash128(high: 0, low: 0)))
        #expect(coder.k == 5000 && SparseCodes.mostActive(latents: 2000) == 2000)
        let worker = EncodeWorker(coder: coder)
        let sparse = try #require(Matrix(rows: 3, columns: 1, values: [0, 1, -1]))
        #expect(try worker.encode(sparse).rowStarts == [0, 0, 5000, 5000])
        let dense = try #require(Matrix(rows: 3, columns: 1, values: [0, 1, 2]))
        #expect(throws: CoderError.tooManyActive(row: 2, active: 5001, most: 5000)) { try worker.encode(dense) }
    }
}
