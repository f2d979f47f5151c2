import Checkpoints
import Dataflow
import Elements
import Evidence
import Foundation
import Hashing
import Observability
import Running
import StateFixtures
import StateNotes
import Store
import Synchronization
import Testing

@testable import Stages

/// A reservoir between a source that puts barriers into its stream and whoever reads its evidence.
@Suite(.timeLimit(.minutes(5))) struct ReservoirStageTests {
    private static let coder = CoderIdentity(
        name: "codes", hookpoint: "layers.0", latents: 4, digest: Fixture.hash(3))

    /// One process on a state directory.
    private final class Session: Sendable {
        let store: Store
        let latest = LatestEvidence()
        let progress = RunProgress()
        /// The latest days that lay after today.
        let told = LaterDays()

        final class LaterDays: Sendable {
            private let list = Mutex<[Int64]>([])
            var days: [Int64] { list.withLock { $0 } }
            func add(_ day: Int64) { list.withLock { $0.append(day) } }
        }

        private let coordinator: CheckpointCoordinator
        private let disk = ComputePool<Void>(name: "disk", threads: 1)
        private let foldAbove: Int
        private let writeAheadAbove: Int
        private let sample: Int
        private let today: Int64
        private let budget: SampleBudget?
        let notices = Told()

        init(
            _ directory: TemporaryDirectory, foldAbove: Int = 100, writeAheadAbove: Int = .max,
            partLength: Int = 4 << 20, sample: Int = 16, budget: SampleBudget? = nil, today: Int64 = 0
        ) throws {
            self.sample = sample
            self.budget = budget
            store = try directory.store(partLength: partLength)
            self.foldAbove = foldAbove
            self.writeAheadAbove = writeAheadAbove
            self.today = today
            coordinator = CheckpointCoordinator(
                sources: ["corpus"], terminals: ["evidence"], lastEpoch: try store.latestCheckpoint()?.epoch ?? 0,
                store: store, disk: disk, deadLetterTargets: [:], afterCommit: { _, _ in })
        }

        func fail() { coordinator.fail(Mishap()) }

        /// Reads batches with a barrier after each group; returns what the reservoir shows.
        func run(_ groups: [[CodeBatch]]) async throws -> [EvidenceUpdate] {
            let settings = try ReservoirSettings(window: 8, sample: sample, top: 4, pool: 64, recent: 8, seed: 7)
            let stage = ReservoirStage(
                node: "evidence",
                pool: ComputePool(name: "reservoir", threads: 1) { [store, budget, today, told] in
                    try ReservoirWorker(
                        settings: settings, coder: coder, node: "evidence", state: store, budget: budget,
                        today: today, onLaterDay: told.add)
                }, state: store, coordinator: coordinator, progress: progress, latestEvidence: latest,
                timers: StageTimers(node: "evidence"), foldAbove: foldAbove,
                writeAheadAbove: writeAheadAbove, notice: notices.add)
            let running = Task { [coordinator] in
                try await coordinator.run(interval: .seconds(10), clock: TickClock())
            }
            defer { running.cancel() }
            let feeder = OutputPort<CodeBatch>(timers: StageTimers(node: "feeder"))
            let input = InputPort<CodeBatch>(capacity: 1 << 20, timers: StageTimers(node: "evidence"))
            let output = OutputPort<EvidenceUpdate>(timers: StageTimers(node: "evidence"))
            let sink = InputPort<EvidenceUpdate>(capacity: 1 << 30, timers: StageTimers(node: "sink"))
            feeder.connect(to: input.connect())
            output.connect(to: sink.connect())
            async let fed: Void = feeder.whole {
                for (number, group) in groups.enumerated() {
                    for batch in group { try await feeder.send(batch) }
                    await coordinator.requestBarrier()
                    let epoch = try #require(await coordinator.barrierRequests(for: "corpus")?.next())
                    try await coordinator.report(source: "corpus", epoch: epoch, fences: [])
                    try await feeder.send(
                        .barrier(Barrier(epoch: epoch, isCaughtUp: number == groups.count - 1)))
                }
            }
            async let ran: Void = output.whole { try await stage.run(from: input, into: output) }
            var updates: [EvidenceUpdate] = []
            do {
                for try await flow in sink {
                    switch flow {
                    case .batch(let update):
                        // What is shown is on disk.
                        #expect(try store.latestCheckpoint()?.epoch ?? 0 >= update.epoch)
                        updates.append(update)
                    case .barrier(let barrier): #expect(barrier.epoch == updates.last?.epoch)
                    }
                }
            } catch {
                input.abandon()
                _ = try? await (fed, ran)
                throw error
            }
            _ = try await (fed, ran)
            return updates
        }
    }

    /// Contexts of one window each, in which latents fire here and there.
    private func codes(_ number: Int, day: Int64 = 0) -> CodeBatch {
        var contexts: [Context] = []
        var (starts, latents, activations) = ([0], [Int32](), [Float]())
        for document in 0..<12 {
            let seed = number * 100 + document
            contexts.append(
                Context(
                    tokens: (0..<8).map { UInt32((seed * 31 + $0 * 7) % 400) },
                    document: Fixture.hash(UInt64(seed + 1)), timestamp: day * 86_400_000, source: nil))
            for place in 0..<8 {
                if (seed + place) % 3 == 0 {
                    latents.append(Int32(seed % 4))
                    activations.append(1 + Float((seed * 5 + place) % 16))
                }
                starts.append(latents.count)
            }
        }
        return CodeBatch(contexts: contexts, rowStarts: starts, latents: latents, activations: activations)
    }

    @Test func atEachBarrierWhatIsOnDiskIsShown() async throws {
        let directory = try TemporaryDirectory()
        let session = try Session(directory)
        let updates = try await session.run([[codes(0), codes(1)], [codes(2)]])
        #expect(updates.map(\.epoch) == [1, 2] && updates.map(\.isCaughtUp) == [false, true])
        #expect(updates.map(\.view.totals.contexts) == [24, 36])
        #expect(try session.store.segments(of: "evidence").map(\.epoch) == [1, 2])
        #expect(session.progress.reading.tokensSampled == 3 * 12 * 8)
        #expect(session.latest.update(of: "codes")?.epoch == 2)
        let note = try #require(try EvidenceNote.notes.all(in: session.store).first)
        #expect(note.epoch == 2 && note.digest == updates.last?.view.digest.description && note.totals.contexts == 36)
        try session.store.close()
    }

    @Test(arguments: [false, true]) func whatIsWrittenAheadOfABarrierCountsFromItOn(isInParts: Bool) async throws {
        let groups = [[codes(0), codes(1), codes(2)], [codes(3)], [codes(4), codes(5)]]
        let plain = try Session(try TemporaryDirectory())
        let expected = try await plain.run(groups).map(\.view.digest)
        try plain.store.close()

        let directory = try TemporaryDirectory()
        for (number, group) in groups.enumerated() {
            let session = try Session(
                directory, foldAbove: number == 1 ? 1 : 100, writeAheadAbove: 0, partLength: isInParts ? 64 : 4 << 20)
            let update = try #require(try await session.run([group]).last)
            #expect(update.view.digest == expected[number])
            let epochs = try session.store.segments(of: "evidence").map(\.epoch)
            // One for each batch, and one at the barrier; what is folded leaves one.
            #expect(epochs == [[1, 1, 1, 1], [2], [2, 3, 3, 3]][number])
            try session.store.close()
        }
    }

    @Test func whatIsWrittenAheadOfABarrierThatDoesNotComeIsGoneWithTheRun() async throws {
        let directory = try TemporaryDirectory()
        let session = try Session(directory, writeAheadAbove: 0, partLength: 64)
        let expected = try #require(try await session.run([[codes(0)]]).last?.view.digest)
        let before = try session.store.segments(of: "evidence")
        try session.store.close()
        let failing = try Session(directory, writeAheadAbove: 0, partLength: 64)
        failing.fail()
        await #expect(throws: Mishap.self) { try await failing.run([[codes(1), codes(2)]]) }
        #expect(try failing.store.segments(of: "evidence") == before)
        try failing.store.close()

        let next = try Session(directory)
        #expect(try next.store.segments(of: "evidence") == before)
        #expect(try await next.run([[]]).last?.view.digest == expected)
        try next.store.close()
    }

    @Test func aNoteTellsHowManyLatentsHaveFiredSinceTheOneBefore() async throws {
        let directory = try TemporaryDirectory()
        /// What is noted at the end of a process that reads groups, and the latents whose counts differ between the last two.
        func run(_ groups: [[CodeBatch]]) async throws -> (noted: Int?, differing: Int) {
            let session = try Session(directory)
            let views = try await session.run(groups).suffix(2).map(\.view)
            let note = try #require(try EvidenceNote.notes.all(in: session.store).first)
            try session.store.close()
            let differing = (0..<4).count { latent in
                Set(views.map { $0.statistics(of: latent).tokensFired }).count > 1
            }
            return (note.changed, differing)
        }
        let first = try await run([[codes(0)], [codes(1)]])
        #expect(first.noted == first.differing && first.differing > 0)
        // What had fired before the start is not known to it.
        #expect(try await run([[codes(2)]]).noted == nil)
        let later = try await run([[codes(3)], [codes(4)]])
        #expect(later.noted == later.differing)
    }

    /// The same evidence as with the lower sample from the start, also when a restart lies between.
    @Test func aBudgetThatRunsOutLowersTheSampleOnceAndForGood() async throws {
        let groups = (0..<6).map { [codes($0)] }
        let lower = try Session(try TemporaryDirectory(), sample: 64)
        let expected = try #require(try await lower.run(groups).last?.view.digest)
        try lower.store.close()

        let directory = try TemporaryDirectory()
        let budget = SampleBudget(bytes: [256: 0, 128: 4, 64: .max, 32: .max])
        var told: [String] = []
        var digest: Hash128?
        for part in [groups[..<2], groups[2..<4], groups[4...]] {
            let session = try Session(directory, sample: 256, budget: budget)
            digest = try await session.run(Array(part)).last?.view.digest
            told += session.notices.lines
            #expect(session.progress.reading.samples == ["evidence": 64])
            #expect(session.progress.memory.reading.first { $0.part == .evidence }?.bytes ?? 0 > 1000)
            let note = try #require(try EvidenceNote.notes.all(in: session.store).first)
            #expect(note.sample == SampleSizes(inForce: 64, asked: 256))
            try session.store.close()
        }
        #expect(digest == expected)
        #expect(
            told == [
                "evidence: state.memory is running short: of each latent at most 64 windows are sampled from now on, "
                    + "not 256; the evidence is that of a run with `sample: 64`"
            ])
    }

    @Test func withRoomLeftTheSampleStaysAsAskedFor() async throws {
        let session = try Session(try TemporaryDirectory(), sample: 256, budget: SampleBudget(bytes: .max))
        _ = try await session.run([[codes(0)], [codes(1)]])
        #expect(session.notices.lines.isEmpty)
        let note = try #require(try EvidenceNote.notes.all(in: session.store).first)
        #expect(note.sample == SampleSizes(inForce: 256, asked: 256) && note.sample?.note == nil)
        try session.store.close()
    }

    @Test func aBarrierAfterNothingNewKeepsNoSegmentAndShowsTheSameEvidence() async throws {
        let directory = try TemporaryDirectory()
        let session = try Session(directory)
        let updates = try await session.run([[codes(0)], []])
        #expect(updates.map(\.epoch) == [1, 2] && updates[0].view.digest == updates[1].view.digest)
        #expect(try session.store.segments(of: "evidence").count == 1)
        #expect(try session.store.latestCheckpoint()?.epoch == 2)
        try session.store.close()
    }

    @Test(arguments: [1, 2, 100]) func aStartGoesOnFromTheSegmentsHoweverTheyWereFolded(foldAbove: Int) async throws {
        let whole = try Session(try TemporaryDirectory())
        let expected = try await whole.run((0..<5).map { [codes($0)] }).last?.view.digest
        try whole.store.close()

        let directory = try TemporaryDirectory()
        var digest: Hash128?
        for part in [0..<2, 2..<4, 4..<5] {
            let session = try Session(directory, foldAbove: foldAbove)
            digest = try await session.run(part.map { [codes($0)] }).last?.view.digest
            let segments = try session.store.segments(of: "evidence")
            #expect(segments.count <= foldAbove && segments.dropFirst().allSatisfy { !$0.isBase })
            #expect((segments.first?.isBase == true) == (foldAbove < part.upperBound))
            try session.store.close()
        }
        #expect(digest == expected && digest != nil)
    }

    @Test func evidenceOfADayThatHasNotBegunHealsAtTheNextStartAndStaysHealed() async throws {
        let expected = try Session(try TemporaryDirectory())
        let healthy = try await expected.run([[codes(0, day: 10), codes(1, day: 10)], [codes(2, day: 10)]])
        try expected.store.close()

        let directory = try TemporaryDirectory()
        let poisoned = try Session(directory, today: .max)
        _ = try await poisoned.run([[codes(0, day: 10)], [codes(1, day: 47_482)]])
        #expect(poisoned.told.days.isEmpty)
        try poisoned.store.close()

        let healing = try Session(directory, today: 10)
        let healed = try await healing.run([[codes(2, day: 10)]])
        #expect(healing.told.days == [47_482])
        let segments = try healing.store.segments(of: "evidence")
        #expect(segments.count == 1 && segments[0].isBase)
        try healing.store.close()
        // What had been thrown away as too old is gone; all that came since is recent.
        for latent in 0..<4 {
            let kept = try #require(healed.last).view.evidence(of: latent).recent
            let wanted = try #require(healthy.last).view.evidence(of: latent).recent
            #expect(!kept.isEmpty && Set(kept.map(\.window.tokens)).isSubset(of: Set(wanted.map(\.window.tokens))))
        }

        let next = try Session(directory, today: 11)
        let after = try await next.run([[]])
        #expect(next.told.days.isEmpty && after.last?.view.digest == healed.last?.view.digest)
        try next.store.close()
    }

    /// A digest of much evidence takes seconds: that of what has not changed is taken from the note.
    @Test func theNoteOfWhatHasNotChangedIsKeptUnlessItIsBehindTheSegments() async throws {
        let directory = try TemporaryDirectory()
        let first = try Session(directory)
        let digest = try await first.run([[codes(0)], [codes(1)]]).last?.view.digest.description
        let note = try #require(try EvidenceNote.notes.read(of: "evidence", in: first.store))
        #expect(note.epoch == 2 && note.digest == digest)
        var json = try #require(
            try JSONSerialization.jsonObject(with: JSONEncoder().encode(note)) as? [String: Any])
        try first.store.close()
        for (epoch, kept) in [(2, true), (1, false)] {
            (json["digest"], json["epoch"]) = ("known", epoch)
            let known = try JSONDecoder().decode(
                EvidenceNote.self, from: JSONSerialization.data(withJSONObject: json))
            let session = try Session(directory)
            try EvidenceNote.notes.write(known, of: "evidence", to: session.store)
            let updates = try await session.run([[]])
            let after = try #require(try EvidenceNote.notes.read(of: "evidence", in: session.store))
            #expect(after.epoch == updates.last?.epoch)
            #expect(after.digest == (kept ? "known" : digest))
            try session.store.close()
        }
    }

    @Test func restoringIsLeftWhenARunIsStopped() async throws {
        let directory = try TemporaryDirectory()
        let session = try Session(directory)
        _ = try await session.run([[codes(0)]])
        let stop = StopSignal()
        stop.raise()
        let pool = ComputePool(name: "reservoir", threads: 1) { [store = session.store] in
            try ReservoirWorker(
                settings: ReservoirSettings(window: 8, sample: 16, top: 4, pool: 64, recent: 8, seed: 7),
                coder: Self.coder, node: "evidence", state: store, today: 0, onLaterDay: { _ in }, until: stop)
        }
        await #expect(throws: CancellationError.self) { try await pool.run { _ in } }
        try session.store.close()
    }

    @Test func nothingIsShownAfterACheckpointThatFailed() async throws {
        let session = try Session(try TemporaryDirectory())
        session.fail()
        await #expect(throws: Mishap.self) { try await session.run([[codes(0)]]) }
        #expect(session.latest.coders.isEmpty)
        #expect(try session.store.latestCheckpoint() == nil)
        try session.store.close()
    }

    @Test func aSegmentThatCannotBeReadEndsTheRun() async throws {
        let directory = try TemporaryDirectory()
        let session = try Session(directory)
        _ = try session.store.commit(
            CheckpointCommit(
                epoch: 1, segments: [CheckpointCommit.Segment(node: "evidence", bytes: [1, 2, 3])], fences: [],
                deadLetters: [], deadLetterTargets: [:]))
        let error = await #expect(throws: StoreError.self) { try await session.run([[codes(0)]]) }
        guard case .damagedSegment(let path, "evidence", 1, let reason) = error else {
            Issue.record("expected node, epoch and directory, got \(String(describing: error))")
            return
        }
        #expect(path == directory.state + "/gloss.sqlite" && reason.hasPrefix("byte "))
        #expect(session.latest.coders.isEmpty)
        try session.store.close()
    }
}
