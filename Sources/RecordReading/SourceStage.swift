package import Checkpoints
import Corpus
package import Dataflow
package import Elements
import Hashing
package import Observability
package import Running

/// Turns a record source into what its decoder makes of records, such as documents, with barriers between them unless those
/// are put in further on.
package struct SourceStage<Decoder: SourceDecoder>: Sendable {
    package let node: String
    package let source: any RecordSource
    package let decoder: Decoder
    package let coordinator: CheckpointCoordinator
    /// Told how far the source has been read, if barriers are put in further on; `nil` if they come from here.
    package let intake: Intake?
    package let progress: RunProgress
    package let timers: StageTimers
    package let stop: StopSignal
    /// End once nothing is left to read, instead of going on until a stop, even if no more can come.
    package let endsWhenDrained: Bool
    /// The fences of the last checkpoint.
    package let fences: [Fence]
    package let clock: any Clock<Duration>
    /// The wall clock, in milliseconds since 1970.
    package let now: @Sendable () -> Int64
    /// Told what an operator should hear, in a line of plain words.
    package let notice: @Sendable (_ text: String) -> Void

    package init(
        node: String, source: any RecordSource, decoder: Decoder, coordinator: CheckpointCoordinator,
        intake: Intake? = nil, progress: RunProgress, timers: StageTimers? = nil, stop: StopSignal,
        endsWhenDrained: Bool, fences: [Fence],
        clock: any Clock<Duration>, now: @escaping @Sendable () -> Int64,
        notice: @escaping @Sendable (_ text: String) -> Void
    ) {
        self.node = node
        self.source = source
        self.decoder = decoder
        self.coordinator = coordinator
        self.intake = intake
        self.progress = progress
        self.timers = timers ?? StageTimers(node: node)
        self.stop = stop
        self.endsWhenDrained = endsWhenDrained
        self.fences = fences
        self.clock = clock
        self.now = now
        self.notice = notice
    }

    private enum Event: Sendable {
        case records(SourceBatch)
        case barrier(UInt64)
        case idleCheck
        case exhausted

        var weight: Int {
            guard case .records(let batch) = self else { return 0 }
            return batch.byteCount
        }
    }

    /// Sends what records become, and barriers, and ends after its last barrier or when the intake is over.
    package func run(into output: OutputPort<Decoder.Batch>) async throws {
        do {
            guard let fences = try await source.start(after: fences, until: stop) else {
                // Nothing was read, so there is no barrier to put after it.
                if let intake { intake.end(node) } else { try await coordinator.end(source: node) }
                return await source.close()
            }
            intake?.start(node, source, after: fences)
            let events = BoundedChannel<Event>(capacity: 4 << 10, weigh: \.weight)
            // Not in the group: a question to a broker that is gone must not hold up a stop.
            let watching = Task { await watch(events) }
            defer { watching.cancel() }
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await readRecords(into: events) }
                if let intake {
                    intake.over.whenRaised { events.abandon() }
                } else {
                    let requests = BarrierRequests(node: node, coordinator: coordinator, clock: clock)
                    group.addTask { try await requests.forEachEpoch { try await events.send(.barrier($0)) } }
                    if endsWhenDrained {
                        group.addTask { try await requests.forEachIdleCheck { try await events.send(.idleCheck) } }
                    }
                }
                try await pass(events, to: output, after: fences)
                events.abandon()
                group.cancelAll()
            }
        } catch {
            await source.close()
            throw error
        }
        await source.close()
    }

    /// Sends what another stage makes of it.
    package func run<Batch: Weighed>(
        through stage: some Stage<Decoder.Batch, Batch>, into output: OutputPort<Batch>
    ) async throws {
        let timers = StageTimers(node: node)
        let (decoded, input) = (
            OutputPort<Decoder.Batch>(timers: timers),
            InputPort<Decoder.Batch>(capacity: DocumentBatch.capacity, timers: timers)
        )
        decoded.connect(to: input.connect())
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await decoded.whole { try await run(into: decoded) } }
            group.addTask { try await stage.run(from: input, into: output) }
            while try await group.next() != nil {}
        }
    }

    private func readRecords(into events: BoundedChannel<Event>) async throws {
        do {
            for try await batch in source.batches { try await events.send(.records(batch)) }
            try await events.send(.exhausted)
            if intake == nil { await coordinator.requestBarrier() }
        } catch is CancellationError {
        } catch {
            events.finish(throwing: error)
        }
    }

    private func watch(_ events: BoundedChannel<Event>) async {
        do {
            try await source.watch(clock: clock)
        } catch is CancellationError {
        } catch {
            events.finish(throwing: error)
        }
    }

    private func pass(
        _ events: BoundedChannel<Event>, to output: OutputPort<Decoder.Batch>, after fences: [Fence]
    ) async throws {
        var cursor = FenceCursor(node: node, fences: fences)
        var days = DayLimit()
        var isExhausted = false
        while let event = try await timers.starved({ try await events.next() }) {
            switch event {
            case .exhausted:
                if !endsWhenDrained { notice(Self.goingOn) }
                if let intake { return intake.exhaust(node) }
                isExhausted = true
            case .idleCheck:
                if await source.isCaughtUp(with: cursor.next) { await coordinator.requestBarrier() }
            case .records(let batch):
                move(&cursor, by: batch)
                var elements: [Decoder.Element] = []
                var letters: [DeadLetter] = []
                var count = 0
                let (now, aheadBefore) = (now(), days.ahead)
                timers.busy {
                    for record in batch.records {
                        guard let counted = cursor.advance(over: record) else { continue }
                        count += 1
                        switch decoder.element(of: days.limit(decoder.dated(record), now: now), counted: counted) {
                        case .element(let element): elements.append(element)
                        case .deadLetter(let letter): letters.append(letter)
                        }
                    }
                }
                timers.receive(elements: count)
                cursor.advance(to: batch.positions)
                coordinator.add(letters)
                if let remark = days.takeRemark() { notice(remark) }
                progress.read(
                    records: count, rejected: letters.map(\.code), ahead: days.ahead - aheadBefore, by: node)
                var reached: [Fence] = []
                if let intake {
                    intake.read(node, to: cursor.next)
                    reached = cursor.fences(of: batch.partitions)
                }
                guard !elements.isEmpty || !reached.isEmpty else { continue }
                try await output.send(.batch(decoder.batch(of: elements, reached: reached)))
            case .barrier(let epoch):
                let isStopping = stop.isRaised
                var isCaughtUp = isExhausted
                // A stop does not wait for a broker that may be gone.
                if !isCaughtUp, !isStopping { isCaughtUp = await source.isCaughtUp(with: cursor.next) }
                try await output.send(.barrier(Barrier(epoch: epoch, isCaughtUp: isCaughtUp)))
                try await coordinator.report(source: node, epoch: epoch, fences: cursor.fences)
                if isStopping || (endsWhenDrained && isCaughtUp) {
                    return try await coordinator.end(source: node)
                }
            }
        }
    }

    private func move(_ cursor: inout FenceCursor, by batch: SourceBatch) {
        guard !batch.begun.isEmpty || !batch.ended.isEmpty else { return }
        for partition in batch.ended { cursor.end(partition) }
        for fence in batch.begun { cursor.begin(fence) }
        intake?.move(node, begun: batch.begun, ended: batch.ended)
        source.moved()
    }

    private static var goingOn: String {
        "read to its end; the run goes on until it is stopped (with --until-drained it ends once all is done)"
    }
}
