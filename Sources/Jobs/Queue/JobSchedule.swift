import Elements
import HeapModule
import Store

/// Which job is done next.
///
/// Of those whose time has come it is the one that is worth most, of equals the lower latent, then whichever came first. Who takes them, and how many at a time, changes nothing about the order.
///
/// Times are durations since any fixed moment, never falling.
struct JobSchedule: Sendable {
    /// What there is for whoever wants a job.
    enum Next: Sendable, Hashable {
        case job(PlannedJob)
        /// Nothing before that time; `nil`: before something changes.
        case wait(until: Duration?)
        /// Nothing any more.
        case ended
    }

    private struct Ready: Comparable {
        let job: PlannedJob
        let arrival: UInt64

        static func < (left: Ready, right: Ready) -> Bool {
            (-left.job.worth, left.job.latent, left.arrival) < (-right.job.worth, right.job.latent, right.arrival)
        }
        static func == (left: Ready, right: Ready) -> Bool { left.arrival == right.arrival }
    }

    private struct Later: Comparable {
        let due: Duration
        let ready: Ready

        static func < (left: Later, right: Later) -> Bool {
            left.due == right.due ? left.ready.arrival < right.ready.arrival : left.due < right.due
        }
        static func == (left: Later, right: Later) -> Bool { left.ready == right.ready }
    }

    private var ready: Heap<Ready> = []
    private var later: Heap<Later> = []
    private var arrivals: UInt64 = 0
    private var underWay: Set<JobID> = []
    private var isClosed = false
    private var isAbandoned = false

    /// The jobs that are to be done or under way.
    var unfinished: Int { ready.count + later.count + underWay.count }
    /// Of these, those that wait for another try.
    var postponed: Int { later.count }
    /// When the next of these is to be tried.
    var nextDue: Duration? { later.min?.due }

    /// Whether a job was taken and is not finished.
    func isUnderWay(_ job: JobID) -> Bool { underWay.contains(job) }

    /// Adds a job that may be begun at `due`.
    mutating func add(_ job: PlannedJob, due: Duration, at time: Duration) {
        guard !isAbandoned else { return }
        arrivals += 1
        let entry = Ready(job: job, arrival: arrivals)
        if due > time { later.insert(Later(due: due, ready: entry)) } else { ready.insert(entry) }
    }

    /// Takes the next job out; it is under way until it is finished.
    mutating func take(at time: Duration) -> Next {
        while let next = later.min, next.due <= time {
            later.removeMin()
            ready.insert(next.ready)
        }
        if let next = ready.popMin() {
            underWay.insert(next.job.id)
            return .job(next.job)
        }
        if let due = nextDue { return .wait(until: due) }
        // What is under way may be put back.
        return isAbandoned || isClosed && underWay.isEmpty ? .ended : .wait(until: nil)
    }

    /// A job that was taken is over.
    mutating func finish(_ job: JobID) { underWay.remove(job) }

    /// Lets jobs be begun at once: those that wait for another try, and those that are not here, such as ones given up.
    mutating func hurry(_ jobs: [PlannedJob], at time: Duration) {
        let hurried = Dictionary(jobs.map { ($0.id, $0) }) { first, _ in first }
        let kept = later.unordered
        later = []
        var known = underWay.union(ready.unordered.map(\.job.id))
        for entry in kept where hurried[entry.ready.job.id] == nil {
            later.insert(entry)
            known.insert(entry.ready.job.id)
        }
        for job in jobs where known.insert(job.id).inserted { add(job, due: time, at: time) }
    }

    /// No more jobs come, but for those that are put back.
    mutating func close() { isClosed = true }

    /// Forgets all that has not been begun, and takes no more.
    mutating func abandon() {
        (ready, later) = ([], [])
        isAbandoned = true
    }
}
