import Elements
import Foundation
import Hashing
import TestSupport
import Testing

@testable import SparseCoders

@Suite struct UntrainedCoderTests {
    @Test(arguments: NeuronSides.allCases, [(37, 5), (1500, 32), (8, 8)])
    func neuronsAreTheMostActiveOnes(sides: NeuronSides, shape: (width: Int, k: Int)) throws {
        let (width, k) = shape
        let coder = try SparseCoder.neurons(width: width, k: k, sides: sides)
        #expect(coder.latents == (sides == .signed ? 2 * width : width) && coder.k == k)
        var numbers = NumberStream(seed: 5)
        var input = numbers.matrix(150, width)
        // Many ties and zeros.
        for index in 0..<60 * width { input.values[index] = (input.values[index] * 3).rounded() }
        let codes = try EncodeWorker(coder: coder).encode(input)
        for row in 0..<150 {
            let values = Array(input.values[row * width..<(row + 1) * width])
            let latents =
                switch sides {
                case .positive: values
                case .absolute: values.map { abs($0) }
                case .signed: values + values.map { -$0 }
                }
            let expected = NaiveActivation.topK(latents, k: k)
            let pairs = codes.rowStarts[row]..<codes.rowStarts[row + 1]
            #expect(codes.latents[pairs].map { Int($0) } == expected.keys.sorted())
            for pair in pairs { #expect(codes.activations[pair] == expected[Int(codes.latents[pair])]) }
        }
    }

    @Test func allSignedNeuronsReconstructTheInput() throws {
        let coder = try SparseCoder.neurons(width: 9, k: 18, sides: .signed)
        var numbers = NumberStream(seed: 6)
        let input = numbers.matrix(20, 9)
        let codes = try EncodeWorker(coder: coder).encode(input)
        #expect(try coder.reconstruct(codes, input: input) == input)
        #expect(try coder.decoderRow(2) == [0, 0, 1, 0, 0, 0, 0, 0, 0])
        #expect(try coder.decoderRow(11) == [0, 0, -1, 0, 0, 0, 0, 0, 0])
        #expect(try coder.encoderRow(11) == coder.decoderRow(11))
    }

    @Test func randomDirectionsHaveLengthOneAndNoPreference() throws {
        let coder = try SparseCoder.random(inputWidth: 64, latents: 500, k: 10, seed: 7)
        var sums = [Double](repeating: 0, count: 64)
        var products: [Double] = []
        var last: [Float] = []
        for latent in 0..<500 {
            let row = try coder.encoderRow(latent)
            #expect(try coder.decoderRow(latent) == row)
            #expect(abs(row.reduce(0.0) { $0 + Double($1) * Double($1) } - 1) < 1e-6)
            for column in row.indices { sums[column] += Double(row[column]) }
            products.append(zip(row, last).reduce(0.0) { $0 + Double($1.0) * Double($1.1) })
            last = row
        }
        // A column's mean has the deviation 1 / √(500 · 64), a product of two directions 1 / √64.
        #expect(sums.allSatisfy { abs($0 / 500) < 5 / (500.0 * 64).squareRoot() })
        #expect(products.allSatisfy { abs($0) < 5.0 / 8 })
    }

    @Test func numbersAreNormal() {
        var numbers = GaussianRow(seed: 3, row: 4)
        let values = (0..<20_000).map { _ in numbers.next() }
        let moments = (1...4).map { power in values.reduce(0.0) { $0 + pow($1, Double(power)) } / 20_000 }
        #expect(abs(moments[0]) < 0.04 && abs(moments[1] - 1) < 0.05)
        #expect(abs(moments[2]) < 0.12 && abs(moments[3] - 3) < 0.35)
        #expect(abs(Double(values.count { abs($0) < 1 }) / 20_000 - 0.6827) < 0.02)
    }

    @Test func theLogarithmIsThatOfTheSystemToTheLastBits() {
        var numbers = NumberStream(seed: 8)
        for exponent in [-1022, -60, -3, -1, 0, 1] {
            for _ in 0..<200 {
                let value = scalbn(Double.random(in: 1..<2, using: &numbers), exponent)
                #expect(abs(GaussianRow.logarithm(value) - log(value)) <= 4 * max(abs(log(value)), 1e-3).ulp)
            }
        }
    }

    /// Fixed bits: other machines must find the same.
    @Test func randomWeightsAreTheSameEverywhere() throws {
        let coder = try SparseCoder.random(inputWidth: 5, latents: 3, k: 1, seed: 11)
        var hasher = SipHasher(key: SipKey(k0: 0, k1: 0), wide: true)
        for latent in 0..<3 { for value in try coder.encoderRow(latent) { hasher.update(value.bitPattern) } }
        #expect(hasher.finalize128().description == "a6c9184cee5d168a4f0ede892c636441")
        let larger = try SparseCoder.random(inputWidth: 5, latents: 30, k: 2, seed: 11)
        #expect(try larger.encoderRow(2) == coder.encoderRow(2))
    }

    @Test func digestsTellCodersApart() throws {
        let digests = [
            try SparseCoder.random(inputWidth: 5, latents: 30, k: 2, seed: 11).digest,
            try SparseCoder.random(inputWidth: 5, latents: 30, k: 2, seed: 12).digest,
            try SparseCoder.random(inputWidth: 5, latents: 30, k: 3, seed: 11).digest,
            try SparseCoder.random(inputWidth: 6, latents: 30, k: 2, seed: 11).digest,
            try SparseCoder.neurons(width: 5, k: 2).digest, try SparseCoder.neurons(width: 5, k: 3).digest,
            try SparseCoder.neurons(width: 5, k: 2, sides: .signed).digest,
        ]
        #expect(Set(digests).count == digests.count)
        #expect(try SparseCoder.random(inputWidth: 5, latents: 30, k: 2, seed: 11).digest == digests[0])
        #expect(digests[4].description == "e4dda6451f3c27b4bedb9949e93c50dc")
    }

    @Test func aControlHasTheShapeOfItsCoder() throws {
        let topK = try SparseCoder.random(like: SparseCoder(folder: GoldenFiles.path("coders/saelens_topk")), seed: 1)
        #expect(topK.latents == 256 && topK.inputWidth == 64 && topK.k == 16)
        let relu = try SparseCoder(folder: GoldenFiles.path("coders/saelens_standard"))
        #expect(try SparseCoder.random(like: relu, seed: 1).k == 50)
        #expect(try SparseCoder.random(like: relu, k: 7, seed: 1).k == 7)
    }

    @Test(arguments: [
        (0, 1, 1), (1, 0, 1), (4, 4, 0), (4, 4, 5), (4, 9000, 4097), (Int.max, 1, 1), (1 << 30, 1 << 29, 1),
    ])
    func shapesThatCannotBeAreRefused(width: Int, latents: Int, k: Int) {
        #expect(throws: CoderError.self) {
            try SparseCoder.random(inputWidth: width, latents: latents, k: k, seed: 0)
        }
    }

    @Test func neuronsNeedAWidthAndAK() {
        for (width, k) in [(0, 1), (-1, 1), (8, 0), (8, 9), (Int.max, 1)] {
            #expect(throws: CoderError.self) { try SparseCoder.neurons(width: width, k: k, sides: .positive) }
        }
    }
}
