import Elements
package import Store

/// Which latents have jobs that are still to be done, or that were given up.
package struct UnfinishedJobs: Sendable {
    /// What is unfinished about one latent.
    struct Marks: OptionSet {
        let rawValue: UInt8

        static let explaining = Marks(rawValue: 1)
        static let scoring = Marks(rawValue: 2)
        static let failed = Marks(rawValue: 4)

        /// The kinds of jobs that are still to be done.
        var waits: Set<JobKind> {
            switch intersection([.explaining, .scoring]) {
            case []: []
            case .explaining: Self.onlyExplaining
            case .scoring: Self.onlyScoring
            default: Self.both
            }
        }

        private static let onlyExplaining: Set<JobKind> = [.explain]
        private static let onlyScoring: Set<JobKind> = [.score]
        private static let both: Set<JobKind> = [.explain, .score]
    }

    private var byCoder: [String: [(latent: Int, marks: Marks)]] = [:]

    /// Reads them; blocks.
    package init(store: any StoreReading) throws(StoreError) {
        for key in try store.unfinishedKeys(in: .open) {
            let marks: Marks = key.kind == .explain ? .explaining : .scoring
            byCoder[key.latent.coder, default: []].append((key.latent.latent, marks))
        }
        for key in try store.unfinishedKeys(in: .failed) {
            byCoder[key.latent.coder, default: []].append((key.latent.latent, .failed))
        }
    }

    /// `[latents]`: what is unfinished about each latent of a coder.
    func marks(of coder: CoderIdentity) -> [Marks] {
        var all = [Marks](repeating: [], count: max(0, coder.latents))
        for (latent, marks) in byCoder[coder.name] ?? [] where all.indices.contains(latent) {
            all[latent].formUnion(marks)
        }
        return all
    }
}
