import Elements
import Evidence
import Testing

/// Evidence whose latest day has not begun.
@Suite struct ReservoirDaysTests {
    private static let day: Int64 = 86_400_000

    private static func dated(_ coded: CodedContext, _ day: Int64) -> CodedContext {
        let context = coded.context
        return CodedContext(
            context: Context(
                tokens: context.tokens, document: context.document, timestamp: day * Self.day, source: context.source),
            rows: coded.rows)
    }

    @Test(arguments: [1, 2, 40_000]) func limitedDaysGiveTheEvidenceOfRecordsThatCountedAtTodays(
        ahead: Int64
    ) throws {
        var compared = 0
        for seed in 0..<200 {
            let stream = try RandomStream(seed: seed, contexts: 40)
            // Of two days, since only so many are kept.
            let late = stream.contexts.filter { $0.context.timestamp >= 0 }
                .map { Self.dated($0, 100 + $0.context.timestamp / Self.day) }
            guard let latest = late.map(\.context.timestamp).max().map({ $0 / Self.day }) else { continue }
            let today = latest - ahead
            var healed = try stream.reservoir(of: late)
            let found = healed.limitDays(to: today)
            #expect(found == latest)
            let again = healed.limitDays(to: today)
            #expect(again == nil)
            let early = late.map { Self.dated($0, min($0.context.timestamp / Self.day, today)) }
            let expected = try stream.reservoir(of: early)
            #expect(EvidenceContent(healed.view()) == EvidenceContent(expected.view()), "seed \(seed)")
            // A whole segment brings it back as it is.
            var restored = stream.empty
            try restored.merge(segment: healed.wholeSegment(epoch: 7))
            #expect(EvidenceContent(restored.view()) == EvidenceContent(expected.view()), "seed \(seed)")
            compared += 1
        }
        #expect(compared > 150)
    }

    @Test func recordsAreRecentAgainOnceTheDayIsLimited() throws {
        var latentsWithRecent = 0
        for seed in 0..<50 {
            let stream = try RandomStream(seed: seed, contexts: 40)
            guard let first = stream.contexts.first else { continue }
            var poisoned = try stream.reservoir(of: [Self.dated(first, 47_482)])
            _ = poisoned.limitDays(to: 20_785)
            let fresh = stream.contexts.map { Self.dated($0, 20_785) }
            try poisoned.absorb(CodeBatch(fresh))
            let (view, expected) = (poisoned.view(), try stream.reservoir(of: fresh).view())
            for latent in 0..<stream.coder.latents {
                let recent = view.evidence(of: latent).recent
                #expect(recent == expected.evidence(of: latent).recent, "seed \(seed), latent \(latent)")
                if !recent.isEmpty { latentsWithRecent += 1 }
            }
        }
        #expect(latentsWithRecent > 50)
    }

    @Test func todaysDayAndEarlierOnesAreLeftAlone() throws {
        let stream = try RandomStream(seed: 9, contexts: 40)
        var reservoir = try stream.reservoir(of: stream.contexts)
        let before = EvidenceContent(reservoir.view())
        _ = reservoir.segment(epoch: 1)
        for today in [1, 2, Int64.max] {
            let found = reservoir.limitDays(to: today)
            #expect(found == nil)
        }
        #expect(EvidenceContent(reservoir.view()) == before)
        #expect(reservoir.segment(epoch: 2) == nil)
        var empty = stream.empty
        let found = empty.limitDays(to: .min)
        #expect(found == nil)
    }
}
