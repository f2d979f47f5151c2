import Elements
import TestSupport
import Testing

@testable import SparseCoders

@Suite struct EncodeWorkerTests {
    private func row(_ codes: SparseCodes, _ row: Int) -> [(latent: Int32, bits: UInt32)] {
        (codes.rowStarts[row]..<codes.rowStarts[row + 1]).map { (codes.latents[$0], codes.activations[$0].bitPattern) }
    }

    private func rows(_ matrix: Matrix, _ range: Range<Int>) throws -> Matrix {
        let values = Array(matrix.values[range.lowerBound * matrix.columns..<range.upperBound * matrix.columns])
        return try #require(Matrix(rows: range.count, columns: matrix.columns, values: values))
    }

    /// Shapes with one tile, several, a narrow last tile, k as large as the coder, and many rows.
    @Test(arguments: [
        (24, 40, 5, 3), (24, 1100, 32, 70), (33, 512, 1, 65), (8, 20, 20, 200), (64, 1536, 64, 10), (16, 513, 300, 5),
    ])
    func sameAsTheNaiveTwin(width: Int, latents: Int, k: Int, count: Int) throws {
        let folder = try CoderFolder(width: width, latents: latents, k: k)
        let coder = try folder.coder()
        let naive = NaiveCoder(
            width: width, latents: latents, k: k, encoder: folder.values("encoder.weight"),
            bias: folder.values("encoder.bias"), offset: folder.values("b_dec"))
        var numbers = NumberStream(seed: 9)
        let input = numbers.matrix(count, width)
        let codes = try EncodeWorker(coder: coder).encode(input)
        #expect(codes.rows == count)
        for index in 0..<count {
            let exact = naive.preActivations(input.values[index * width..<(index + 1) * width])
            let found = row(codes, index)
            #expect(found.map { Int($0.latent) } == naive.kept(exact))
            for pair in found { #expect(abs(Double(Float(bitPattern: pair.bits)) - exact[Int(pair.latent)]) < 1e-4) }
        }
    }

    @Test func ofEqualActivationsTheLowerLatentIsKept() throws {
        let folder = try CoderFolder(width: 4, latents: 1200, k: 3)
        for index in 0..<4800 { folder.set("encoder.weight", at: index, to: 0) }
        for index in 0..<4 { folder.set("b_dec", at: index, to: 0) }
        for latent in 0..<1200 { folder.set("encoder.bias", at: latent, to: latent == 700 ? 2 : (latent < 5 ? -1 : 1)) }
        let codes = try EncodeWorker(coder: folder.coder()).encode(Matrix(rows: 2, columns: 4))
        #expect(codes.latents == [5, 6, 700, 5, 6, 700])
        #expect(codes.activations == [1, 1, 2, 1, 1, 2])
    }

    @Test func onlyPositiveActivationsAreKept() throws {
        let folder = try CoderFolder(width: 2, latents: 3, k: 3)
        for index in 0..<6 { folder.set("encoder.weight", at: index, to: 0) }
        for (index, value) in [Float(-1), 0, 0.5].enumerated() { folder.set("encoder.bias", at: index, to: value) }
        let codes = try EncodeWorker(coder: folder.coder()).encode(Matrix(rows: 1, columns: 2))
        #expect(codes.latents == [2])
        #expect(codes.activations == [0.5])
    }

    /// A row's bits are the same by itself and at every place of batches of many sizes.
    @Test(arguments: [(576, 1100, 32), (64, 256, 16)])
    func aRowDoesNotDependOnItsBatch(width: Int, latents: Int, k: Int) throws {
        let coder = try CoderFolder(width: width, latents: latents, k: k).coder()
        let worker = EncodeWorker(coder: coder)
        var numbers = NumberStream(seed: 21)
        let probe = numbers.matrix(1, width)
        let alone = try worker.encode(probe)
        #expect(alone.latents.count == k)
        for count in [2, 47, 48, 49, 100, 300, 640, 1500] {
            var batch = numbers.matrix(count, width)
            let places = Array(stride(from: 0, to: count, by: 7)) + [count - 1]
            for place in places {
                batch.values.replaceSubrange(place * width..<(place + 1) * width, with: probe.values)
            }
            let codes = try worker.encode(batch)
            for place in places {
                #expect(row(codes, place).elementsEqual(row(alone, 0), by: ==), "row \(place) of \(count)")
            }
        }
    }

    @Test func aBatchIsTheSumOfItsParts() throws {
        let coder = try CoderFolder(width: 40, latents: 700, k: 8).coder()
        let worker = EncodeWorker(coder: coder)
        var numbers = NumberStream(seed: 2)
        let input = numbers.matrix(1200, 40)
        let whole = try worker.encode(input)
        var start = 0
        for size in [1, 2, 63, 64, 70, 1000] {
            let part = try worker.encode(rows(input, start..<start + size))
            for index in 0..<size {
                #expect(row(part, index).elementsEqual(row(whole, start + index), by: ==))
            }
            start += size
        }
        #expect(start == 1200)
    }

    @Test func maskedRowsAreEmptyAndTheOthersUnchanged() throws {
        let coder = try CoderFolder(width: 12, latents: 90, k: 4).coder()
        let worker = EncodeWorker(coder: coder)
        var numbers = NumberStream(seed: 4)
        var input = numbers.matrix(150, 12)
        let whole = try worker.encode(input)
        let masked = (0..<150).map { $0 % 3 == 0 || $0 == 149 }
        for index in 0..<150 where masked[index] { input.values[index * 12] = .nan }
        let codes = try worker.encode(input, masked: masked)
        #expect(codes.rows == 150)
        for index in 0..<150 {
            #expect(row(codes, index).elementsEqual(masked[index] ? [] : row(whole, index), by: ==))
        }
        #expect(try worker.encode(input, masked: [Bool](repeating: true, count: 150)).latents.isEmpty)
    }

    @Test func noRowsGiveNoCodes() throws {
        let coder = try CoderFolder(width: 12, latents: 90, k: 4).coder()
        #expect(try EncodeWorker(coder: coder).encode(Matrix(rows: 0, columns: 12)).rowStarts == [0])
    }

    @Test func inputThatIsNotFiniteIsNamed() throws {
        let coder = try CoderFolder(width: 12, latents: 90, k: 4).coder()
        let worker = EncodeWorker(coder: coder)
        for (value, text) in [(Float.nan, "nan"), (.infinity, "inf"), (-.infinity, "-inf")] {
            var input = Matrix(rows: 80, columns: 12)
            input.values[71 * 12 + 5] = value
            #expect(throws: CoderError.inputNotFinite(row: 71, column: 5, value: text)) { try worker.encode(input) }
        }
    }

    @Test func anActivationThatOverflowsIsNamed() throws {
        let folder = try CoderFolder(width: 1, latents: 2, k: 1)
        for (index, value) in [Float(0), 1e30].enumerated() { folder.set("encoder.weight", at: index, to: value) }
        let worker = EncodeWorker(coder: try folder.coder())
        var input = Matrix(rows: 2, columns: 1)
        input.values[1] = 1e30
        #expect(throws: CoderError.activationNotFinite(row: 1, latent: 1)) { try worker.encode(input) }
    }

    @Test func wrongShapesAreRefused() throws {
        let coder = try CoderFolder(width: 12, latents: 90, k: 4).coder()
        let worker = EncodeWorker(coder: coder)
        #expect(
            throws: CoderError.shape(
                what: "activations for \(coder.folder)", found: "width 13", expected: "width 12")
        ) { try worker.encode(Matrix(rows: 1, columns: 13)) }
        #expect(throws: CoderError.shape(what: "mask", found: "1 rows", expected: "2 rows")) {
            try worker.encode(Matrix(rows: 2, columns: 12), masked: [true])
        }
        let codes = try worker.encode(Matrix(rows: 2, columns: 12))
        #expect(throws: CoderError.self) { try coder.reconstruct(codes, input: Matrix(rows: 1, columns: 12)) }
    }

    @Test func memoryDoesNotGrowWithLatents() throws {
        let small = EncodeWorker(coder: try CoderFolder(width: 8, latents: 2016, k: 32).coder())
        let large = EncodeWorker(coder: try CoderFolder(width: 8, latents: 30_240, k: 32).coder())
        #expect(small.byteCount == large.byteCount)
        #expect(large.byteCount < 5 << 20)
    }
}
