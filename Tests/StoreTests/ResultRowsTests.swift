import Elements
import Synchronization
import Testing

@testable import Store

/// Long readings, which can be left after each part.
@Suite struct ResultRowsTests {
    /// Counts how often a reading asks whether it goes on, and lets it until then.
    private final class Asked: Sendable {
        private let asked = Mutex(0)
        let last: Int

        init(until last: Int = .max) { self.last = last }

        var count: Int { asked.withLock { $0 } }

        @Sendable func goesOn() -> Bool {
            asked.withLock { asked in
                asked += 1
                return asked < last
            }
        }
    }

    private static let parts = 3
    private let directory: TemporaryDirectory
    private let store: Store

    init() throws {
        directory = try TemporaryDirectory()
        store = try directory.open()
        let numbers = 1...UInt64(Self.parts * ResultRows.part)
        try store.record(
            explanations: numbers.map { Fixture.explanation($0) }, scores: numbers.map { Fixture.score($0 + 10_000) },
            choices: numbers.map { Fixture.choice($0) })
    }

    @Test func aReadingThatGoesOnGivesAllAndAsksBetweenParts() throws {
        let asked = Asked()
        #expect(try store.explanations(of: "prose", while: asked.goesOn) == store.explanations(of: "prose"))
        #expect(asked.count == Self.parts - 1)
        #expect(
            try store.scores(of: "detected", details: ResultParts.Details([]), while: asked.goesOn)?.map(\.job)
                == store.scores(of: "detected").map(\.job))
        #expect(try store.choices(of: "lexical", while: asked.goesOn) == store.choices(of: "lexical"))
        #expect(asked.count == 3 * (Self.parts - 1))
        #expect(try store.explanations().map(\.latent) == Array(1...Self.parts * ResultRows.part))
    }

    @Test(arguments: 1..<parts) func aReadingIsLeftAfterThePartInWhichItsReaderStopped(part: Int) throws {
        let asked = (0..<3).map { _ in Asked(until: part) }
        #expect(try store.explanations(of: "prose", while: asked[0].goesOn) == nil)
        #expect(try store.scores(of: nil, details: ResultParts.Details([]), while: asked[1].goesOn) == nil)
        #expect(try store.choices(of: "lexical", while: asked[2].goesOn) == nil)
        #expect(asked.map(\.count) == [part, part, part])
    }

    @Test func whatFitsIntoOnePartIsReadWhole() throws {
        let asked = Asked(until: 0)
        try store.record(explanations: (1...4).map { Fixture.explanation($0 + 20_000, node: "few") })
        #expect(try store.explanations(of: "few", while: asked.goesOn)?.count == 4)
        #expect(try store.explanations(of: "nobody", while: asked.goesOn)?.isEmpty == true)
        #expect(asked.count == 0)
    }
}
