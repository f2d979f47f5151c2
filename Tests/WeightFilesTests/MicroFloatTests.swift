import TestSupport
import Testing
import WeightFiles

/// Floats of four bits with common exponents.
@Suite struct MicroFloatTests {
    /// By its definition: a sign, two bits of exponent with a bias of 1, one bit of mantissa.
    private static func value(_ bits: UInt8) -> Double {
        let (exponent, mantissa) = (Int(bits >> 1 & 3), Double(bits & 1))
        let size = exponent == 0 ? mantissa / 2 : Double(1 << (exponent - 1)) * (1 + mantissa / 2)
        return bits >> 3 == 1 ? -size : size
    }

    private static func power(_ exponent: UInt8) -> Double {
        Double(sign: .plus, exponent: Int(exponent) - 127, significand: 1)
    }

    private static func bytes(_ count: Int, _ seed: UInt64) -> [UInt8] {
        var random = SplitMix(state: seed)
        return (0..<count).map { _ in UInt8(truncatingIfNeeded: random.next()) }
    }

    @Test func aFilesBlocksAreTheValuesOfTheirHalves() throws {
        var file = GGUFBytes()
        file.entries = [("general.architecture", little(UInt32(8)) + text("gpt-oss"))]
        file.tensors = [.init(name: "weight", dimensions: [64, 3], type: 39, offset: 0)]
        file.data = Self.bytes(6 * 17, 3)
        // Among them the smallest and the largest power of two that is a number.
        (file.data[0], file.data[17], file.data[34]) = (0, 254, 127)
        for start in [51, 68, 85] { file.data[start] = file.data[start] % 255 }
        let stored = try TemporaryFile(file.bytes)
        let tensor = try #require(try stored.open { try GGUFFile(path: $0) }.tensors["weight"])
        #expect(tensor.type == .mxfp4 && tensor.shape == [3, 64] && tensor.byteCount == 102)
        let found = try tensor.floats()
        for block in 0..<6 {
            for place in 0..<32 {
                let byte = file.data[17 * block + 1 + place % 16]
                let expected = Self.value(place < 16 ? byte & 15 : byte >> 4) * Self.power(file.data[17 * block])
                #expect(found[32 * block + place] == Float(expected))
            }
        }
    }

    @Test func blocksWhoseExponentsStandApartAreNeighboursInTurn() {
        let (blocks, exponents) = (Self.bytes(5 * 16, 4), Self.bytes(5, 5).map { $0 % 255 })
        var found = [Float](repeating: -1, count: 5 * 32 + 1)
        found.withUnsafeMutableBufferPointer { target in
            blocks.withUnsafeBytes { blocks in
                exponents.withUnsafeBytes { exponents in
                    guard let bytes = blocks.baseAddress, let powers = exponents.baseAddress,
                        let start = target.baseAddress
                    else { return }
                    MicroFloat.expand(bytes, exponents: powers, blocks: 5, into: start)
                }
            }
        }
        for index in 0..<160 {
            let byte = blocks[index / 2]
            let expected = Self.value(index % 2 == 0 ? byte & 15 : byte >> 4) * Self.power(exponents[index / 32])
            #expect(found[index] == Float(expected))
        }
        #expect(found[160] == -1)
    }

    @Test func aPartOfATensorIsOneOfThoseInIt() throws {
        var file = GGUFBytes()
        file.entries = [("general.architecture", little(UInt32(8)) + text("gpt-oss"))]
        file.tensors = [.init(name: "weight", dimensions: [2, 3, 4], type: 0, offset: 0)]
        file.data = (0..<24).flatMap { little(Float($0).bitPattern) }
        let stored = try TemporaryFile(file.bytes)
        let tensor = try #require(try stored.open { try GGUFFile(path: $0) }.tensors["weight"])
        for index in 0..<4 {
            let part = try #require(tensor.part(index))
            #expect(part.shape == [3, 2] && part.name == "weight" && part.firstValue == 6 * index)
            #expect(part.part(1)?.firstValue == 6 * index + 2)
            #expect(try part.floats() == (0..<6).map { Float(6 * index + $0) })
        }
        #expect(tensor.part(4) == nil && tensor.part(-1) == nil && tensor.part(0)?.part(0)?.part(0) == nil)
    }
}
