import TestSupport
import Testing

@testable import Evidence

@Suite struct FormatTests {
    @Test func activationsRoundToNineBitsAndNeverOverflow() {
        var generator = SplitMix(seed: 9)
        for _ in 0..<20_000 {
            let bits = UInt32(generator.below(0x7f80_0000 - 1)) + 1
            let activation = Float(bitPattern: bits)
            let code = ActivationCode.encode(activation)
            let value = ActivationCode.decode(code)
            #expect(value > 0 && value.isFinite)
            if activation.isNormal, value < Float(bitPattern: 0x7f7f_8000) {
                #expect(value == NaiveEvidence.rounded(activation))
                #expect(abs(value - activation) <= activation / 512)
            }
            // Encoding is monotone, and what was decoded encodes to itself.
            #expect(ActivationCode.encode(value) == code)
            #expect(ActivationCode.encode(activation.nextUp.isFinite ? activation.nextUp : activation) >= code)
        }
        #expect(ActivationCode.decode(ActivationCode.encode(.greatestFiniteMagnitude)).isFinite)
        #expect(ActivationCode.encode(.leastNonzeroMagnitude) == 1)
        #expect(ActivationCode.decode(ActivationCode.silent) == 0)
    }

    @Test func firingsAreOrderedAsTheirDenseActivations() {
        var generator = SplitMix(seed: 10)
        func random() -> (bytes: [UInt8], dense: [Float]) {
            let positions = (0..<5).filter { _ in generator.below(2) == 0 }
            let chosen = positions.isEmpty ? [generator.below(5)] : positions
            var bytes = [UInt8(chosen.count - 1)]
            for position in chosen {
                let code = ActivationCode.encode([0.5, 1, 2][generator.below(3)])
                bytes += [UInt8(position), UInt8(truncatingIfNeeded: code), UInt8(code >> 8)]
            }
            return (bytes, Firing.activations(in: bytes, at: 0, tokens: 5))
        }
        for _ in 0..<5000 {
            let (left, right) = (random(), random())
            let (leftPeak, rightPeak) = (left.dense.max() ?? 0, right.dense.max() ?? 0)
            let expected =
                leftPeak == rightPeak ? left.dense.lexicographicallyPrecedes(right.dense) : leftPeak > rightPeak
            #expect(Firing.replaces([9, 9] + left.bytes, at: 2, right.bytes, at: 0) == expected)
        }
    }

    @Test func setsOfLatentsKeepTheirMembersInTheShortestForm() throws {
        var generator = SplitMix(seed: 12)
        for _ in 0..<400 {
            let universe = 1 + generator.below(3000)
            let density = 1 + generator.below(60)
            let latents = (0..<Int32(universe)).filter { _ in generator.below(density) == 0 }
            let more = (0..<Int32(universe)).filter { _ in generator.below(density) == 0 }
            let set = LatentSet(ascending: latents, universe: universe)
            #expect(set.latents == latents)
            #expect(set.bytes.count <= LatentSet.bitmapLength(universe))
            #expect(try LatentSet(reading: set.bytes[...], universe: universe) == set)
            #expect(set.union(more, universe: universe).latents == Set(latents).union(more).sorted())
            if set.bytes[0] == 1 {
                #expect(throws: EvidenceError.self) {
                    try LatentSet(reading: set.bytes.dropLast(), universe: universe)
                }
            }
            #expect(throws: EvidenceError.self) { try LatentSet(reading: set.bytes + [0x80], universe: universe) }
        }
    }

    @Test func setsOfLatentsOfAnotherFormAreRefused() {
        // Tag 2; no tag; a bitmap where a list is shorter; a latent beyond 50 as a bit and as a number; a padded
        // number.
        let faulty: [[UInt8]] = [
            [2, 1], [], [1, 0, 0, 0, 0, 0, 0, 0], [1, 255, 255, 255, 255, 255, 255, 4], [0, 50], [0, 0x81, 0],
        ]
        for bytes in faulty {
            #expect(throws: EvidenceError.self) { try LatentSet(reading: bytes[...], universe: 50) }
        }
    }

    @Test func numbersAreReadAsWritten() throws {
        var generator = SplitMix(seed: 13)
        let values = (0..<2000).map { _ in generator.next() >> UInt64(generator.below(64)) } + [0, .max]
        var writer = ByteWriter()
        for value in values {
            writer.varint(value)
            writer.signed(Int64(bitPattern: value))
            writer.varint(UInt128(value) << 60 | 5)
            writer.word(UInt16(truncatingIfNeeded: value))
        }
        var reader = ByteReader(writer.bytes, end: writer.bytes.count)
        for value in values {
            #expect(try reader.varint(UInt64.self) == value)
            #expect(try reader.signed() == Int64(bitPattern: value))
            #expect(try reader.varint(UInt128.self) == UInt128(value) << 60 | 5)
            #expect(try reader.word(UInt16.self) == UInt16(truncatingIfNeeded: value))
        }
        #expect(reader.remaining == 0)
        #expect(throws: EvidenceError.self) { try reader.byte() }
        var tooLarge = ByteReader([0x80, 0x80, 0x80, 0x80, 0x10], end: 5)
        #expect(throws: EvidenceError.self) { try tooLarge.varint(UInt32.self) }
    }
}
