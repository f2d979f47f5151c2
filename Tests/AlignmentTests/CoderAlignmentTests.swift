import Alignment
import Dataflow
import Elements
import TestSupport
import Testing

@Suite struct CoderAlignmentTests {
    private let pool = ComputePool<Void>(name: "align", threads: 2)

    private func align(
        _ a: (decoder: Matrix, encoder: Matrix), _ b: (decoder: Matrix, encoder: Matrix), candidates: Int = 32,
        threshold: Double = 0.7, threads: Int = 2
    ) async throws -> CoderAlignment {
        try await CoderAlignment(
            LatentDirections(name: "a", decoder: DirectionRows(a.decoder), encoder: DirectionRows(a.encoder)),
            LatentDirections(name: "b", decoder: DirectionRows(b.decoder), encoder: DirectionRows(b.encoder)),
            settings: CoderAlignment.Settings(candidates: candidates, threshold: threshold, threads: threads),
            pool: pool)
    }

    @Test func theTotalIsSciPysWhereCandidatesHoldTheOptimum() async throws {
        let fixture = try AssignmentFixture.read()
        #expect(fixture.heldByCandidates == fixture.rows)
        let (a, b) = fixture.matrices
        let alignment = try await align((a, a), (b, b))
        #expect(alignment.decoder.pairs.count == fixture.rows)
        #expect((alignment.decoder.total - fixture.total).magnitude < 1e-3)
        let same = alignment.decoder.pairs.count { fixture.columns[$0.a] == $0.b }
        // Optima a rounding apart may differ in a few pairs.
        #expect(same >= fixture.rows - 8)
        #expect(alignment.agreeing == fixture.rows)
    }

    @Test func candidatesAndFiguresAreThoseOfTheDefinition() async throws {
        var stream = NumberStream(seed: 5)
        var (a, b) = (stream.matrix(300, 7), stream.matrix(1100, 7))
        for column in 0..<7 {
            a.values[3 * 7 + column] = 0
            b.values[9 * 7 + column] = 0
        }
        let exact = cosines(a, b)
        // All pairs are candidates, so that nothing can be better.
        let whole = try await align((a, a), (b, b), candidates: 1100)
        #expect(whole.decoder.shortfall == 0)
        #expect(whole.decoder.zeroA == 1 && whole.decoder.zeroB == 1 && whole.possible == 299)
        #expect(whole.decoder.candidates == exact.joined().count { $0 > 0 })
        #expect(!whole.pairs.contains { $0.a == 3 || $0.b == 9 })
        let mutual = (0..<300).count { row in
            guard let best = exact[row].indices.max(by: { exact[row][$0] < exact[row][$1] }), exact[row][best] > 0
            else {
                return false
            }
            return exact.indices.allSatisfy { exact[$0][best] <= exact[row][best] }
        }
        #expect(whole.decoder.mutualNearest == mutual)
        #expect(whole.pairs.count(where: \.isMutuallyNearest) <= mutual)
        for pair in whole.pairs { #expect((pair.decoderCosine - exact[pair.a][pair.b]).magnitude < 1e-6) }
        #expect(whole.shared == whole.pairs.count { $0.decoderCosine > 0.7 })
        // Fewer candidates cost no more than is said.
        let few = try await align((a, a), (b, b), candidates: 4)
        #expect(few.decoder.total <= whole.decoder.total + 1e-6)
        #expect(whole.decoder.total <= few.decoder.total + few.decoder.shortfall + 1e-6)
    }

    @Test func theNumberOfThreadsChangesNothing() async throws {
        var stream = NumberStream(seed: 6)
        let (a, b) = (stream.matrix(700, 12), stream.matrix(1500, 12))
        let one = try await align((a, a), (b, b), candidates: 5, threads: 1)
        let two = try await align((a, a), (b, b), candidates: 5, threads: 2)
        #expect(one.pairs == two.pairs)
        #expect(one.decoder.shortfall == two.decoder.shortfall)
    }

    @Test func permutedCodersMatchWhollyWhereDecoderAndEncoderSayTheSame() async throws {
        var stream = NumberStream(seed: 7)
        let (decoder, encoder) = (stream.matrix(400, 32), stream.matrix(400, 24))
        func permuted(_ matrix: Matrix, by step: Int, scale: Float) -> Matrix {
            var result = matrix
            for row in 0..<matrix.rows {
                for column in 0..<matrix.columns {
                    result.values[(row * step % matrix.rows) * matrix.columns + column] =
                        scale * matrix.values[row * matrix.columns + column]
                }
            }
            return result
        }
        let alike = try await align(
            (decoder, encoder), (permuted(decoder, by: 7, scale: 3), permuted(encoder, by: 7, scale: 0.5)))
        #expect(alike.pairs.allSatisfy { $0.b == $0.a * 7 % 400 && $0.agrees && $0.isMutuallyNearest })
        #expect(alike.shared == 400 && alike.agreeingShare == 1 && alike.meanWhereNot == nil)
        // Encoders shuffled otherwise: both matchings are perfect and agree only where both permutations do.
        let apart = try await align(
            (decoder, encoder), (permuted(decoder, by: 7, scale: 1), permuted(encoder, by: 11, scale: 1)))
        #expect(apart.shared == 400)
        #expect(apart.agreeing == (0..<400).count { $0 * 7 % 400 == $0 * 11 % 400 })
        #expect(apart.agreeingAndShared == apart.agreeing)
    }

    @Test func whatCannotBeComparedIsRefused() async throws {
        var stream = NumberStream(seed: 8)
        let (narrow, wide) = (stream.matrix(4, 3), stream.matrix(4, 5))
        await #expect(throws: AlignmentError.widths(space: "decoder", a: "a", aWidth: 3, b: "b", bWidth: 5)) {
            _ = try await align((narrow, narrow), (wide, narrow))
        }
        await #expect(throws: AlignmentError.widths(space: "encoder", a: "a", aWidth: 5, b: "b", bWidth: 3)) {
            _ = try await align((wide, wide), (wide, narrow))
        }
        await #expect(throws: AlignmentError.setting(name: "candidates", found: "0", expected: "1 to 4096")) {
            _ = try await align((wide, wide), (wide, wide), candidates: 0)
        }
    }
}
