import Hashing
import Testing
import Topology

@Suite struct LatentSelectionTests {
    @Test func selectsAllAListAndARange() {
        #expect(LatentSelection.all.latents(of: 3) == [0, 1, 2])
        #expect(LatentSelection.list([5, 1, 5, 9, -1]).latents(of: 9) == [1, 5])
        #expect(LatentSelection.range(2..<5).latents(of: 100) == [2, 3, 4])
        #expect(LatentSelection.range(2..<5).latents(of: 4) == [2, 3])
        #expect(LatentSelection.range(2..<5).latents(of: 2) == [])
    }

    @Test func ofWhatFiresAnyCanBeSelectedButNoMoreThanAsked() {
        let firing = LatentSelection.firing(count: 2)
        #expect(firing.latents(of: 3) == [0, 1, 2] && firing.latents(of: 0) == [])
        #expect(firing.mostLatents(of: 3) == 2 && firing.mostLatents(of: 1) == 1 && firing.mostLatents(of: 0) == 0)
        #expect(LatentSelection.list([1, 1, 9]).mostLatents(of: 5) == 1)
    }

    @Test(arguments: [LatentSelection.all, .list([0]), .range(0..<4), .sample(count: 4, seed: 1)])
    func selectsNothingOfNothing(selection: LatentSelection) {
        #expect(selection.latents(of: 0) == [])
        #expect(selection.latents(of: -1) == [])
    }

    @Test func aSampleIsThoseOfLowestPriority() {
        let key = SipKey(seed: 7, purpose: 0x6c61_7465_6e74_73)
        func priority(_ latent: Int) -> UInt64 {
            var hasher = SipHasher(key: key, wide: false)
            hasher.update(UInt64(latent))
            return hasher.finalize64()
        }
        let sample = LatentSelection.sample(count: 24, seed: 7).latents(of: 576)
        #expect(sample.count == 24 && sample == sample.sorted())
        let highest = sample.map(priority).max() ?? 0
        #expect((0..<576).filter { priority($0) <= highest } == sample)
    }

    @Test func aSampleIsPinned() {
        // Fixed by this implementation: a change would silently move every quickstart to other latents.
        #expect(LatentSelection.sample(count: 5, seed: 7).latents(of: 100) == Self.pinned)
    }

    private static let pinned = [38, 66, 69, 72, 85]

    @Test func aLargerSampleHoldsTheSmallerAndSeedsDiffer() {
        let small = LatentSelection.sample(count: 10, seed: 1).latents(of: 1000)
        let large = LatentSelection.sample(count: 50, seed: 1).latents(of: 1000)
        #expect(Set(small).isSubset(of: large))
        #expect(LatentSelection.sample(count: 10, seed: 2).latents(of: 1000) != small)
        #expect(LatentSelection.sample(count: 5000, seed: 2).latents(of: 1000) == Array(0..<1000))
    }

    @Test func samplesAreUniformOverLatents() {
        // χ² with 49 degrees of freedom: above 94.5 with probability 1e-4.
        var counts = [Double](repeating: 0, count: 50)
        for seed in 0..<1000 {
            for latent in LatentSelection.sample(count: 10, seed: UInt64(seed)).latents(of: 50) { counts[latent] += 1 }
        }
        let statistic = counts.reduce(0) { $0 + ($1 - 200) * ($1 - 200) / 200 }
        // Drawing without replacement shrinks the variance by (50 - 10) / (50 - 1).
        #expect(statistic / (40.0 / 49.0) < 94.5)
    }
}
