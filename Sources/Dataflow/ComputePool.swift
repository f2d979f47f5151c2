import DequeModule
import Dispatch
import Foundation
import Synchronization

/// Bounds the workers of all pools that compute at the same moment: one permit for each core.
///
/// Pools that share permits take turns, so that ingest and an in-process judge each get their part of the cores.
public final class CorePermits: Sendable {
    private let semaphore: DispatchSemaphore

    /// Makes a set of permits.
    public init(count: Int) { semaphore = DispatchSemaphore(value: max(1, count)) }

    func acquire() { semaphore.wait() }

    /// Takes a permit if one is free at once; to be given back by `release()`.
    public func tryAcquire() -> Bool { semaphore.wait(timeout: .now()) == .success }

    /// Gives a permit back.
    public func release() { semaphore.signal() }
}

/// Threads for blocking work and matrix products, each with a worker value of its own.
///
/// A worker is made on its thread, used there only and never leaves it, so it need not be `Sendable`.
public final class ComputePool<Worker>: Sendable {
    private typealias Job = @Sendable (Result<Worker, any Error>) -> Void

    private struct Queue {
        var jobs = Deque<Job>()
        var isClosed = false
    }

    private final class Shared: Sendable {
        let queue = Mutex(Queue())
        let wakeUps = DispatchSemaphore(value: 0)
    }

    private let shared = Shared()
    private let threadCount: Int

    /// Starts the threads.
    ///
    /// - Parameters:
    ///   - name: The threads' name, as `top -H` shows it.
    ///   - threads: The number of threads.
    ///   - permits: Permits shared with other pools; `nil` for work that waits more than it computes.
    ///   - makeWorker: Makes the worker of one thread; an error is thrown to every caller whose job lands there.
    public init(
        name: String, threads: Int, permits: CorePermits? = nil,
        makeWorker: @escaping @Sendable () throws -> Worker
    ) {
        threadCount = max(1, threads)
        for index in 0..<threadCount {
            let shared = shared
            let thread = Thread {
                let worker = Result { try makeWorker() }
                while true {
                    shared.wakeUps.wait()
                    let (job, isClosed) = shared.queue.withLock { ($0.jobs.popFirst(), $0.isClosed) }
                    if let job {
                        permits?.acquire()
                        job(worker)
                        permits?.release()
                    } else if isClosed {
                        return
                    }
                }
            }
            thread.name = "\(name)-\(index)"
            thread.stackSize = 8 << 20
            thread.start()
        }
    }

    deinit {
        shared.queue.withLock { $0.isClosed = true }
        for _ in 0..<threadCount { shared.wakeUps.signal() }
    }

    /// Runs work on one of the threads and returns what it returns.
    ///
    /// - Throws: The error of `work`, or the error of making the worker.
    public func run<Output: Sendable>(_ work: @escaping @Sendable (Worker) throws -> Output) async throws -> Output {
        try await withCheckedThrowingContinuation { continuation in
            shared.queue.withLock { queue in
                queue.jobs.append { worker in
                    continuation.resume(with: Result { try work(worker.get()) })
                }
            }
            shared.wakeUps.signal()
        }
    }
}

extension ComputePool where Worker == Void {
    /// Starts threads that need no worker value.
    public convenience init(name: String, threads: Int, permits: CorePermits? = nil) {
        self.init(name: name, threads: threads, permits: permits) {}
    }
}
