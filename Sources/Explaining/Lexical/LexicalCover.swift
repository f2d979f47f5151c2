/// Which windows some chosen terms cover, and what each other term would cover anew.
///
/// Counts are kept up as terms come and go, so that a step costs the windows it changes, not all of them.
struct LexicalCover {
    /// `[terms]`: windows in which the latent fires that the term covers and no chosen term does.
    private(set) var found: [Int]
    /// `[terms]`: windows in which it is silent that the term covers and no chosen term does.
    private(set) var wrong: [Int]

    private let candidates: LexicalCandidates
    /// Terms of each window.
    private let termsOfWindow: CompressedRows
    /// `[windows]`: how many chosen terms cover the window.
    private var depth: [UInt8]

    init(candidates: LexicalCandidates) {
        self.candidates = candidates
        let rows = candidates.terms.indices.map { candidates.windows[$0] }
        termsOfWindow = CompressedRows(transposing: rows, rows: candidates.isPositive.count)
        depth = [UInt8](repeating: 0, count: candidates.isPositive.count)
        found = [Int](repeating: 0, count: candidates.terms.count)
        wrong = found
        for (position, row) in rows.enumerated() {
            for window in row {
                if candidates.isPositive[Int(window)] { found[position] += 1 } else { wrong[position] += 1 }
            }
        }
    }

    /// Takes a term among the chosen; at most 255 may be chosen at a time.
    mutating func choose(_ position: Int) {
        for window in candidates.windows[position] {
            let window = Int(window)
            if depth[window] == 0 { change(window, by: -1) }
            depth[window] += 1
        }
    }

    /// Takes a chosen term out again.
    mutating func drop(_ position: Int) {
        for window in candidates.windows[position] {
            let window = Int(window)
            depth[window] -= 1
            if depth[window] == 0 { change(window, by: 1) }
        }
    }

    private mutating func change(_ window: Int, by step: Int) {
        if candidates.isPositive[window] {
            for term in termsOfWindow[window] { found[Int(term)] += step }
        } else {
            for term in termsOfWindow[window] { wrong[Int(term)] += step }
        }
    }
}
