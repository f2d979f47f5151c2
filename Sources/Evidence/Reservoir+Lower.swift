internal import Elements

extension Reservoir {
    /// The sample size in force: that of the settings, or a lower one once `lower(sampleTo:)` or a merge has asked for it.
    public var sample: Int { limits.sample }

    /// Lowers the sample size of every latent for good; a number that is not below the one in force changes nothing.
    ///
    /// From then on the evidence and its digest are those of a reservoir whose settings had that sample from the start:
    /// of the windows of lowest priority the lowest are the lowest of all. The next segment notes the size, and every
    /// reservoir that merges it ends at the smaller one. Sizes below 2 count as 2.
    public mutating func lower(sampleTo sample: Int, sharing: WorkSharing = .alone) {
        guard max(2, sample) < limits.sample else { return }
        trim(to: max(2, sample), sharing: sharing)
        hasChanges = true
    }

    /// What the samples of all latents cost at a sample size, which is that in force or a lower one.
    ///
    /// A stated price for each window that a latent's train or test sample of that size would hold. It is told by the
    /// set of windows seen alone, and grows with it. Cheap after `segment(epoch:)` or `settle()`.
    public func sampleBytes(at sample: Int) -> Int {
        let capacity = min(sample, limits.sample) / 2
        let entries = settled().pages.reduce(0) { sum, page in
            page.samples.places.reduce(sum) {
                $0 + min(Int($1.counts[SampleList.train.rawValue]), capacity)
                    + min(Int($1.counts[SampleList.test.rawValue]), capacity)
            }
        }
        return entries * SampleBudget.bytesPerEntry(window: settings.window)
    }

    /// No less than `sampleBytes(at:)` of the size in force, told without settling: what waits counts as if it were kept,
    /// as far as there is room for it.
    public var sampleBytesAtMost: Int {
        let capacity = limits.sample / 2
        var entries = 0
        for page in pages {
            var train = page.samples.places.map { Int($0.counts[SampleList.train.rawValue]) }
            var test = page.samples.places.map { Int($0.counts[SampleList.test.rawValue]) }
            for record in page.log.records {
                if record.lists.contains(.train) { train[Int(record.latent)] += 1 }
                if record.lists.contains(.test) { test[Int(record.latent)] += 1 }
            }
            for latent in train.indices { entries += min(train[latent], capacity) + min(test[latent], capacity) }
        }
        return entries * SampleBudget.bytesPerEntry(window: settings.window)
    }
}
