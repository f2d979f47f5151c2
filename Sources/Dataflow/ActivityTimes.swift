/// How long a stage has been at each activity, what is going on now included.
///
/// Without locks or a clock: each call is told the time, as a span since a fixed moment.
struct ActivityTimes: Sendable {
    /// The sum of spans, of which some are still open: what they add up to grows by each as time goes on.
    private struct Spans: Sendable {
        /// The sum of the spans at time zero: an open one counts minus its beginning.
        var base = Duration.zero
        var open = 0

        mutating func begin(at time: Duration) {
            open += 1
            base -= time
        }

        mutating func end(at time: Duration) {
            open -= 1
            base += time
        }

        func sum(at time: Duration) -> Duration { base + time * open }
    }

    private var busy = Spans()
    private var starved = Spans()
    private var blocked = Spans()
    /// Where at least one worker is at work.
    private var working = Spans()
    /// Where at least one worker is at work, or the stage waits for its readers.
    private var engaged = Spans()

    /// An activity begins.
    mutating func begin(_ state: StageTimers.State, at time: Duration) {
        if state == .busy, busy.open == 0 { working.begin(at: time) }
        if state != .starved, busy.open + blocked.open == 0 { engaged.begin(at: time) }
        change(state) { $0.begin(at: time) }
    }

    /// An activity ends.
    mutating func end(_ state: StageTimers.State, at time: Duration) {
        change(state) { $0.end(at: time) }
        if state == .busy, busy.open == 0 { working.end(at: time) }
        if state != .starved, busy.open + blocked.open == 0 { engaged.end(at: time) }
    }

    /// Adds a span that is over, and beside which there was none of another.
    mutating func add(_ span: Duration, to state: StageTimers.State) {
        change(state) { $0.base += span }
        if state == .busy { working.base += span }
        if state != .starved { engaged.base += span }
    }

    /// The sums at a time.
    func fill(_ reading: inout StageTimers.Reading, at time: Duration) {
        reading.busy = busy.sum(at: time)
        reading.starved = starved.sum(at: time)
        reading.blocked = blocked.sum(at: time)
        reading.working = working.sum(at: time)
        reading.engaged = engaged.sum(at: time)
    }

    private mutating func change(_ state: StageTimers.State, _ change: (inout Spans) -> Void) {
        switch state {
        case .busy: change(&busy)
        case .starved: change(&starved)
        case .blocked: change(&blocked)
        }
    }
}
