internal import Elements

/// The runs of thirteen token ids in some windows, to find a text that shares one.
struct TokenRuns {
    /// The length at which a shared run counts as the same text.
    static let length = 13
    private static let base: UInt64 = 0x9e37_79b9_7f4a_7c15

    private let windows: [Window]
    /// By rolling hash, where runs start.
    private var places: [UInt64: [(window: Int, start: Int)]] = [:]

    init(of windows: [Window]) {
        self.windows = windows
        for (index, window) in windows.enumerated() {
            for (start, hash) in Self.hashes(of: window.tokens).enumerated() {
                places[hash, default: []].append((index, start))
            }
        }
    }

    /// Whether any run of these tokens is one of the runs.
    func share(with tokens: [UInt32]) -> Bool {
        if places.isEmpty { return false }
        for (start, hash) in Self.hashes(of: tokens).enumerated() {
            guard let candidates = places[hash] else { continue }
            let run = tokens[start..<start + Self.length]
            for place in candidates
            where windows[place.window].tokens[place.start..<place.start + Self.length].elementsEqual(run) {
                return true
            }
        }
        return false
    }

    /// The polynomial hash of each run, in order; none for fewer than thirteen tokens.
    static func hashes(of tokens: [UInt32]) -> [UInt64] {
        guard tokens.count >= length else { return [] }
        var result: [UInt64] = []
        result.reserveCapacity(tokens.count - length + 1)
        var oldest: UInt64 = 1
        for _ in 1..<length { oldest = oldest &* base }
        var hash: UInt64 = 0
        for (index, token) in tokens.enumerated() {
            if index >= length { hash = hash &- UInt64(tokens[index - length]) &* oldest }
            hash = hash &* base &+ UInt64(token)
            if index >= length - 1 { result.append(hash) }
        }
        return result
    }
}
