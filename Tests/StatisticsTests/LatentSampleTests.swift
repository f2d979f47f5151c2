import Testing

@testable import Statistics

@Suite struct LatentSampleTests {
    private func values(_ count: Int, tables: Bool) -> [LatentValue] {
        var generator = SeededGenerator(seed: 5)
        return (0..<count).map { _ in
            LatentValue(
                value: generator.unit(),
                table: tables
                    ? ConfusionTable(
                        truePositives: generator.next(below: 9), falseNegatives: 1 + generator.next(below: 9),
                        trueNegatives: generator.next(below: 9), falsePositives: 1 + generator.next(below: 9)) : nil,
                count: 1 + generator.next(below: 30), firingRate: generator.unit() / 100)
        }
    }

    /// One generator for all resamples, one after the other, as a single thread draws them: few enough for one core, and
    /// so many that cores share them out.
    @Test(arguments: [(3, 10, true), (40, 100, false), (900, 1000, true), (900, 1000, false)])
    func resamplesAreThoseOfOneGenerator(latents: Int, count: Int, tables: Bool) {
        let values = values(latents, tables: tables)
        let sample = LatentSample(values)
        var generator = SeededGenerator(seed: 11)
        let expected = (0..<count).map { _ -> LatentSample.Means in
            var (sum, observed, observations, weighted, weight) = (0.0, 0.0, 0.0, 0.0, 0.0)
            var table = ConfusionTable()
            for _ in values {
                let value = values[generator.next(below: values.count)]
                sum += value.value
                observed += value.value * Double(value.count)
                observations += Double(value.count)
                weighted += value.value * (value.firingRate ?? 0)
                weight += value.firingRate ?? 0
                if let own = value.table { table.add(own) }
            }
            return LatentSample.Means(
                macro: sum / Double(latents),
                micro: tables ? BalancedAccuracy.value(of: table) : observed / observations,
                weighted: weighted / weight)
        }
        #expect(sample.resamples(count, seed: 11) == expected)
    }

    @Test func whatIsPassedOverIsWhatWouldHaveBeenDrawn() {
        for count in [0, 1, 7, 100_000] {
            var (drawn, skipped) = (SeededGenerator(seed: 3), SeededGenerator(seed: 3))
            for _ in 0..<count { _ = drawn.next() }
            skipped.skip(count)
            #expect(drawn.next() == skipped.next())
        }
    }
}
