/// Which of some workers takes which of the things that wait, and when a worker rests.
struct WorkShares<Item> {
    private struct Worker {
        var isAwake = false
        /// What it has taken and not finished.
        var active = 0
    }

    private var workers: [Worker]
    private var waiting: [Item] = []

    /// The workers who rest.
    var resting: Int { workers.reduce(0) { $0 + ($1.isAwake ? 0 : 1) } }

    /// Makes shares for at least one worker.
    init(workers: Int) { self.workers = [Worker](repeating: Worker(), count: max(workers, 1)) }

    /// Adds an item; returns the worker that is to be woken for it, `nil` if all are awake.
    mutating func add(_ item: Item) -> Int? {
        waiting.append(item)
        let asleep = workers.firstIndex { !$0.isAwake }
        if let asleep { workers[asleep].isAwake = true }
        return asleep
    }

    /// What a worker takes now, having room for `room` more: up to its equal share of all there is, the longest waiting first.
    mutating func take(worker: Int, room: Int) -> [Item] {
        guard workers.indices.contains(worker) else { return [] }
        let all = waiting.count + workers.reduce(0) { $0 + $1.active }
        let share = (all + workers.count - 1) / workers.count
        let count = min(max(share - workers[worker].active, 0), max(room, 0), waiting.count)
        let taken = Array(waiting.prefix(count))
        waiting.removeFirst(count)
        workers[worker].active += count
        return taken
    }

    /// Says that a worker has finished some of what it took; returns whether it goes on.
    ///
    /// Where it does not, it sleeps until it is woken for an item that is added.
    mutating func finish(worker: Int, count: Int) -> Bool {
        guard workers.indices.contains(worker) else { return false }
        workers[worker].active = max(workers[worker].active - count, 0)
        workers[worker].isAwake = workers[worker].active > 0 || !waiting.isEmpty
        return workers[worker].isAwake
    }
}
