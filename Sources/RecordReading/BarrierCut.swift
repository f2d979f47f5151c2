package import Checkpoints
package import Dataflow
package import Elements
package import Running

/// A batch that says where partitions stand once it is counted.
package protocol BringsFences: Weighed {
    /// Where partitions stand after it.
    var reached: [Fence] { get }
}

extension ActivationBatch: BringsFences {}

/// Runs a slow stage without barriers and puts them between what comes out of it.
///
/// A barrier then waits neither for what is queued before the stage nor for what it is working on: a checkpoint takes the
/// same time whatever the stage takes for a batch. What has passed is done before the next passes, but for a little that
/// keeps all cores at work. What comes after the last barrier is dropped, and is read again by the
/// next start.
package struct BarrierCut<Work: Stage>: Stage where Work.Output: BringsFences {
    /// The node that barriers are asked of.
    let node: String
    let work: Work
    let intake: Intake
    /// What has passed and is still worked on.
    let backlog: Backlog
    let coordinator: CheckpointCoordinator
    let stop: StopSignal
    /// End once nothing is left to read, instead of going on until a stop, even if no more can come.
    let endsWhenDrained: Bool
    let clock: any Clock<Duration>

    package init(
        node: String, work: Work, intake: Intake, backlog: Backlog, coordinator: CheckpointCoordinator,
        stop: StopSignal, endsWhenDrained: Bool, clock: any Clock<Duration>
    ) {
        self.node = node
        self.work = work
        self.intake = intake
        self.backlog = backlog
        self.coordinator = coordinator
        self.stop = stop
        self.endsWhenDrained = endsWhenDrained
        self.clock = clock
    }

    private enum Event: Sendable {
        case batch(Work.Output)
        case barrier(UInt64)
        case idleCheck
        case exhausted

        var weight: Int { if case .batch = self { 1 } else { 0 } }
    }

    /// Sends the results and the barriers, and ends after the last barrier.
    package func run(from input: InputPort<Work.Input>, into output: OutputPort<Work.Output>) async throws {
        // The node's own timers count at its ends.
        let timers = StageTimers(node: node)
        let (results, arrivals) = (
            OutputPort<Work.Output>(timers: timers), InputPort<Work.Output>(capacity: 1, timers: timers)
        )
        results.connect(to: arrivals.connect())
        let events = BoundedChannel<Event>(capacity: 1, weigh: \.weight)
        let requests = BarrierRequests(node: node, coordinator: coordinator, clock: clock)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await results.whole { try await work.run(from: input, into: results) } }
            group.addTask { try await gather(arrivals, into: events) }
            let questions = [
                Task { try await requests.forEachEpoch { try await events.send(.barrier($0)) } },
                endsWhenDrained
                    ? Task { try await requests.forEachIdleCheck { try await events.send(.idleCheck) } } : nil,
            ]
            defer { for task in questions { task?.cancel() } }
            try await pass(events, to: output)
            intake.over.raise()
            // What was let pass and has not gone out is never worked on.
            backlog.end()
            events.abandon()
            while try await group.next() != nil {}
        }
    }

    private func gather(_ arrivals: InputPort<Work.Output>, into events: BoundedChannel<Event>) async throws {
        do {
            for try await case .batch(let batch) in arrivals where !intake.over.isRaised {
                do {
                    // Barriers go ahead of it meanwhile.
                    try await backlog.pass(tokens: batch.elementCount)
                    try await events.send(.batch(batch))
                } catch is CancellationError where intake.over.isRaised {
                    // It came after the last barrier.
                }
            }
            guard !intake.over.isRaised else { return }
            try await events.send(.exhausted)
            await coordinator.requestBarrier()
        } catch is CancellationError where intake.over.isRaised {
        } catch {
            events.finish(throwing: error)
            throw error
        }
    }

    private func pass(_ events: BoundedChannel<Event>, to output: OutputPort<Work.Output>) async throws {
        var isExhausted = false
        for try await event in events {
            switch event {
            case .exhausted: isExhausted = true
            case .idleCheck: if await intake.isCaughtUp() { await coordinator.requestBarrier() }
            case .batch(let batch):
                intake.pass(batch.reached)
                try await output.send(batch)
            case .barrier(let epoch):
                let isStopping = stop.isRaised
                // A stop does not wait for a broker that may be gone.
                let isCaughtUp = isStopping ? intake.isExhausted : await intake.isCaughtUp()
                let fences = intake.fences
                try await output.send(.barrier(Barrier(epoch: epoch, isCaughtUp: isCaughtUp)))
                try await coordinator.report(source: node, epoch: epoch, fences: fences)
                if isStopping || (endsWhenDrained && (isExhausted || isCaughtUp)) {
                    return try await coordinator.end(source: node)
                }
            }
        }
        // The channel ends for a cancelled receiver too, and that is not the end of the input.
        try Task.checkCancellation()
    }
}
