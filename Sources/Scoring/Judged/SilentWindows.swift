import Elements
import Examples
import Hashing

/// Silent windows that have not been shown yet, each to be shown once under the marks of a window in which a latent fires.
struct SilentWindows {
    private var byLength: [Int: [PoolWindow]]
    private let order: SeededOrder
    private let latent: Int
    private let tokenDecoder: any TokenDecoder

    init(_ windows: [PoolWindow], latent: Int, seed: UInt64, tokenDecoder: any TokenDecoder) {
        byLength = Dictionary(grouping: windows, by: \.window.tokens.count)
        order = SeededOrder(seed: seed, purpose: .marks)
        self.latent = latent
        self.tokenDecoder = tokenDecoder
    }

    /// The windows of `length` tokens that are left.
    func left(length: Int) -> [PoolWindow] { byLength[length] ?? [] }

    /// A window of `length` tokens that can bear the marks of the window `partner` and whose tokens are `wanted`; `nil` if none
    /// is left.
    mutating func take(
        under marks: [Bool], of partner: Hash128, length: Int, where isWanted: ([UInt32]) -> Bool = { _ in true }
    ) -> PoolWindow? {
        guard let windows = byLength[length] else { return nil }
        let best = windows.indices
            .map { index in
                let identity = windows[index].window.identity
                return (order.rank(latent: latent, identity: identity, variant: partner.low), index)
            }
            .sorted { $0 < $1 }
            .first { isMarkable(windows[$0.1].window.tokens, marks: marks) && isWanted(windows[$0.1].window.tokens) }?.1
        return best.flatMap { byLength[length]?.remove(at: $0) }
    }

    /// Whether every marked token shows as something: one that does not would give a wrong mark away.
    private func isMarkable(_ tokens: [UInt32], marks: [Bool]) -> Bool {
        zip(tokens, marks).allSatisfy { token, isMarked in
            !isMarked || (!tokenDecoder.isSpecial(token) && !tokenDecoder.bytes(of: token).isEmpty)
        }
    }
}
