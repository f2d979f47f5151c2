import Elements
import Hashing
import TestSupport
import Testing

@testable import Evidence

@Suite struct StrongestExamplesTests {
    /// A reservoir and its segments, cut at random places and put out of order.
    private func run(seed: Int) throws -> (stream: RandomStream, view: any EvidenceView, segments: [[UInt8]]) {
        let stream = try RandomStream(seed: seed)
        var generator = SplitMix(seed: seed)
        var reservoir = stream.empty
        var segments: [[UInt8]] = []
        for (index, context) in stream.contexts.enumerated() {
            try reservoir.absorb(CodeBatch([context]))
            if generator.below(4) == 0, let segment = reservoir.segment(epoch: UInt64(index) + 1) {
                segments.append(segment)
            }
        }
        if let segment = reservoir.segment(epoch: 1000) { segments.append(segment) }
        return (stream, reservoir.view(), segments.shuffled(using: &generator))
    }

    @Test func theyAreTheFirstOfTheTopWindowsOfAReservoirThatReadTheSameSegments() throws {
        var found = 0
        for seed in 0..<300 {
            let (stream, view, segments) = try run(seed: seed)
            guard stream.settings.top > 0 else { continue }
            let chosen = Set((0..<stream.coder.latents).filter { $0 % 2 == 0 })
            var strongest = StrongestExamples(
                of: chosen, settings: stream.settings, latents: stream.coder.latents)
            for segment in segments { try strongest.read(segment: segment) }
            for latent in 0..<stream.coder.latents {
                let expected = chosen.contains(latent) ? view.evidence(of: latent).top.first : nil
                let example = strongest.example(of: latent)
                #expect(example?.window == expected?.window, "seed \(seed), latent \(latent)")
                #expect(example?.activations == expected?.activations, "seed \(seed), latent \(latent)")
                if example != nil { found += 1 }
            }
        }
        #expect(found > 100)
    }

    @Test func withoutTopWindowsTheyComeFromTheTrainSample() throws {
        var found = 0
        for seed in 0..<200 {
            let (stream, view, segments) = try run(seed: seed)
            guard stream.settings.top == 0, let last = segments.last, segments.count == 1 else { continue }
            var strongest = StrongestExamples(of: [0], settings: stream.settings, latents: stream.coder.latents)
            try strongest.read(segment: last)
            let train = view.evidence(of: 0).train
            #expect(strongest.example(of: 0)?.peak == train.map(\.peak).max())
            found += train.isEmpty ? 0 : 1
        }
        #expect(found > 0)
    }

    @Test func aDamagedSegmentChangesNothing() throws {
        let (stream, _, segments) = try run(seed: 3)
        var bytes = try #require(segments.first)
        var strongest = StrongestExamples(
            of: Set(0..<stream.coder.latents), settings: stream.settings, latents: stream.coder.latents)
        bytes[bytes.count / 2] ^= 1
        #expect(throws: EvidenceError.self) { try strongest.read(segment: bytes) }
        for latent in 0..<stream.coder.latents { #expect(strongest.example(of: latent) == nil) }
    }
}
