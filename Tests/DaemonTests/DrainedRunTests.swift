import Elements
import Observability
import Running
import StateFixtures
import StateNotes
import Store
import Synchronization
import Testing

/// Runs until the input is drained, one after another on the same state.
@Suite(.timeLimit(.minutes(5))) struct DrainedRunTests {
    @Test func aDrainedRunKeepsItsResultsAndLetsTheStateGo() async throws {
        let fixture = try DaemonFixture()
        let graph = try fixture.graph()
        let told = Mutex<[(UInt64, [Int64])]>([])
        try await fixture.run(graph) { options in
            options.untilDrained = true
            options.checkpointed = { epoch, fences in told.withLock { $0.append((epoch, fences.map(\.next))) } }
        }
        try fixture.openState(graph) { store in
            let (explanations, scores) = (try store.explanations(), try store.scores())
            #expect(explanations.map(\.latent).sorted() == [0, 1, 2])
            #expect(!scores.isEmpty && scores.allSatisfy { $0.explainedBy == "words" })
            #expect(try store.jobs(in: .open).isEmpty && store.jobs(in: .failed).isEmpty)
            let last = try #require(try store.latestCheckpoint())
            #expect(last.fences.map(\.next) == [Int64(DaemonFixture.rows)])
            // An operator hears of what is on disk, and only of that.
            #expect(told.withLock { $0.last?.0 } == last.epoch)
            #expect(told.withLock { $0.last?.1 } == [Int64(DaemonFixture.rows)])
            #expect(UInt64(told.withLock { $0.count }) == last.epoch)
        }
        #expect(fixture.progress.reading.records == DaemonFixture.rows)
        #expect(fixture.progress.reading.checkpoints == told.withLock { $0.count })
    }

    @Test func theMemoryThatARunIsExpectedToTakeIsAllThatAnOperatorIsToldOfAGoodRun() async throws {
        let fixture = try DaemonFixture()
        try await fixture.run(try fixture.graph())
        #expect(fixture.notices.lines.count == 1)
        let line = fixture.notices.lines.first ?? ""
        #expect(line.hasPrefix("memory: expected after 10 million tokens: evidence "))
    }

    @Test func theNextStartGoesOnFromTheCheckpointAndReadsNothingTwice() async throws {
        let first = try DaemonFixture()
        let graph = try first.graph()
        try await first.run(graph)
        func results() throws -> (epoch: UInt64, name: String, jobs: Set<JobID>) {
            try first.openState(graph) { store in
                (
                    try store.latestCheckpoint()?.epoch ?? 0, try StateName.name(in: store),
                    Set(try store.explanations().map(\.job) + store.scores().map(\.job))
                )
            }
        }
        let before = try results()
        let second = try first.next()
        try await second.run(try second.graph())
        #expect(second.progress.reading.records == 0)
        #expect(second.progress.reading.explanations.isEmpty && second.progress.reading.scores.isEmpty)
        let after = try results()
        #expect(after.jobs == before.jobs && after.name == before.name)
        #expect(after.epoch > before.epoch)
    }

    @Test(arguments: [true, false])
    func evidenceOfTwoKernelsIsMarkedAsMixed(isFresh: Bool) async throws {
        let fixture = try DaemonFixture()
        let graph = try fixture.graph()
        if !isFresh { try await fixture.run(graph) }
        try fixture.openState(graph) { try KernelNote.note.write("abacus", to: $0) }
        let next = try fixture.next()
        try await next.run(try next.graph())
        try next.openState(graph) { store in
            let kernel = try #require(try KernelNote.note.read(in: store))
            #expect(kernel != "abacus")
            // Where nothing was computed before, nothing can be mixed.
            #expect(try EvidenceFlags.isMixed.read(in: store) == (isFresh ? nil : true))
            let line = "evidence: computed partly on abacus, from now on \(kernel): marked as mixed"
            #expect(next.notices.of("evidence") == (isFresh ? [] : [line]))
        }
    }

    @Test func whatWasSpentByEarlierStartsCountsAgainstTheBudget() async throws {
        let fixture = try DaemonFixture()
        let spent = ["far": ModelSpend(calls: 3, tokensIn: 60, tokensOut: 40)]
        try fixture.openState(try fixture.graph()) { try ModelSpend.note.write(spent, to: $0) }
        for (tokens, isSpent) in [(101, false), (100, true)] {
            let next = try fixture.next()
            let graph = try next.graph(["budget: { tokens: \(tokens) }"])
            try await next.run(graph)
            try next.openState(graph) { store in
                let note = try BudgetNote.isSpent.read(in: store)
                #expect(note == isSpent)
                #expect(try ModelSpend.note.read(in: store) == spent)
            }
        }
    }
}
