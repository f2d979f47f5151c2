public import Elements

/// Which of many windows share a run of thirteen tokens with some others: made once, and asked about few windows at a time.
public struct TokenRunIndex: Sendable {
    private let windows: [Window]
    /// For each run of each window the upper half of its hash and, below it, the window's number; ascending.
    private let runs: [UInt64]

    /// Indexes windows, of which there may be 2^32 at most.
    public init(of windows: [Window]) {
        var runs: [UInt64] = []
        runs.reserveCapacity(windows.reduce(0) { $0 + max(0, $1.tokens.count - TokenRuns.length + 1) })
        for (number, window) in windows.enumerated() {
            for hash in TokenRuns.hashes(of: window.tokens) {
                runs.append(hash & Self.upper | UInt64(UInt32(truncatingIfNeeded: number)))
            }
        }
        runs.sort()
        self.windows = windows
        self.runs = runs
    }

    /// The bytes that its own structures take, but for what the windows refer to.
    public var residentBytes: Int { windows.residentBytes + runs.residentBytes }

    /// The most bytes that its own structures take of so many windows of so many tokens.
    public static func memoryEstimate(windows: Int, tokens: Int) -> Double {
        // Room for what an allocator rounds up.
        1.25 * Double(windows)
            * (Double(MemoryLayout<Window>.stride) + 8 * Double(max(0, tokens - TokenRuns.length + 1))) + 256
    }

    /// The numbers of the windows that share a run with any of `shown`, ascending.
    public func numbers(sharing shown: [Window]) -> [Int] {
        var found = Set<Int>()
        for window in shown {
            for (start, hash) in TokenRuns.hashes(of: window.tokens).enumerated() {
                var place = firstIndex(notBelow: hash & Self.upper)
                while place < runs.count, runs[place] & Self.upper == hash & Self.upper {
                    let number = Int(runs[place] & ~Self.upper)
                    let run = window.tokens[start..<start + TokenRuns.length]
                    if !found.contains(number), holds(windows[number].tokens, run) { found.insert(number) }
                    place += 1
                }
            }
        }
        return found.sorted()
    }

    private static let upper: UInt64 = 0xffff_ffff << 32

    private func holds(_ tokens: [UInt32], _ run: ArraySlice<UInt32>) -> Bool {
        guard tokens.count >= run.count else { return false }
        return (0...tokens.count - run.count).contains { tokens[$0..<$0 + run.count].elementsEqual(run) }
    }

    private func firstIndex(notBelow value: UInt64) -> Int {
        var (low, high) = (0, runs.count)
        while low < high {
            let middle = (low + high) / 2
            if runs[middle] < value { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
