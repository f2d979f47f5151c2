internal import Dataflow
internal import Glibc

/// How long work takes that runs in several threads at once.
struct Seconds: Sendable {
    /// The clock that is used.
    let clock: BenchmarkClock

    /// Runs all parts at once, each of which returns the seconds that its thread spent on a core; returns the time of all.
    ///
    /// `threads` is how many of them work at the same moment.
    func of(threads: Int, _ parts: [@Sendable () async throws -> Double]) async throws -> Double {
        let start = ContinuousClock.now
        let used = try await withThrowingTaskGroup(of: Double.self) { group in
            for part in parts { group.addTask { try await part() } }
            return try await group.reduce(0, +)
        }
        let passed = (ContinuousClock.now - start) / .seconds(1)
        return switch clock {
        case .wall: passed
        case .cpu: used / Double(max(1, min(threads, parts.count)))
        }
    }

    /// Runs jobs on the threads of a pool and returns the time of all.
    func of<Worker>(
        threads: Int, on pool: ComputePool<Worker>, _ jobs: [@Sendable (Worker) throws -> Void]
    ) async throws -> Double {
        try await of(
            threads: threads,
            jobs.map { job in
                { @Sendable in try await pool.run { worker in try Self.onCore { try job(worker) } } }
            })
    }

    /// How long work takes that shares itself out among `threads`; on the clock of cores an equal part of what the whole
    /// process spends.
    func ofProcess(threads: Int, _ work: () throws -> Void) rethrows -> Double {
        let spent = try of(CLOCK_PROCESS_CPUTIME_ID, work)
        return switch clock {
        case .wall: spent
        case .cpu: spent / Double(max(1, threads))
        }
    }

    /// How long work takes that this thread does alone.
    func ofThread(_ work: () throws -> Void) rethrows -> Double { try of(CLOCK_THREAD_CPUTIME_ID, work) }

    private func of(_ cores: clockid_t, _ work: () throws -> Void) rethrows -> Double {
        let (start, used) = (ContinuousClock.now, Self.time(cores))
        try work()
        return switch clock {
        case .wall: (ContinuousClock.now - start) / .seconds(1)
        case .cpu: Self.time(cores) - used
        }
    }

    /// The seconds that this thread spends on a core with some work.
    static func onCore(_ work: () throws -> Void) rethrows -> Double {
        let start = time(CLOCK_THREAD_CPUTIME_ID)
        try work()
        return time(CLOCK_THREAD_CPUTIME_ID) - start
    }

    private static func time(_ clock: clockid_t) -> Double {
        var time = timespec()
        clock_gettime(clock, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
    }
}
