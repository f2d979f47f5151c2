import Elements
import Evidence
import Hashing
import Testing

@Suite struct BadInputTests {
    private let context = Context(
        tokens: [1, 2], document: Hash128(high: 0, low: 0), timestamp: 0, source: nil)

    @Test(arguments: [
        ([0, 1], [Int32(0)], [Float(1)]),
        ([], [], []),
        ([0, 1, 1, 1], [0], [1]),
        ([1, 1, 1], [0], [1]),
        ([0, 1, 2], [0], [1]),
        ([0, 1, 1], [0, 1], [1]),
        ([0, 2, 1], [0], [1]),
        ([0, 5, 1], [0], [1]),
        ([0, -1, 1], [0], [1]),
        ([0, 1, 1], [4], [1]),
        ([0, 1, 1], [-1], [1]),
        ([0, 1, 1], [.max], [1]),
        ([0, 2, 2], [1, 1], [1, 1]),
        ([0, 2, 2], [2, 1], [1, 1]),
        ([0, 1, 1], [0], [0]),
        ([0, 1, 1], [0], [-1]),
        ([0, 1, 1], [0], [.nan]),
        ([0, 1, 1], [0], [.infinity]),
    ])
    func batchesThatContradictThemselvesAreRefusedWhole(
        rowStarts: [Int], latents: [Int32], activations: [Float]
    ) throws {
        var reservoir = Reservoir(
            settings: try ReservoirSettings(seed: 1),
            coder: CoderIdentity(name: "c", hookpoint: "h", latents: 4, digest: Hash128(high: 0, low: 0)))
        #expect(throws: EvidenceError.self) {
            try reservoir.absorb(
                CodeBatch(contexts: [context], rowStarts: rowStarts, latents: latents, activations: activations))
        }
        #expect(reservoir.isEmpty)
        try reservoir.absorb(CodeBatch(contexts: [context], rowStarts: [0, 1, 1], latents: [3], activations: [1]))
        #expect(reservoir.totals.tokens == 2)
    }

    @Test func aLargeActivationIsCountedAndKept() throws {
        var reservoir = Reservoir(
            settings: try ReservoirSettings(window: 2, seed: 1),
            coder: CoderIdentity(name: "c", hookpoint: "h", latents: 1, digest: Hash128(high: 0, low: 0)))
        let largest = Float.greatestFiniteMagnitude
        try reservoir.absorb(
            CodeBatch(
                contexts: [context], rowStarts: [0, 1, 2], latents: [0, 0],
                activations: [largest, .leastNonzeroMagnitude]))
        let evidence = reservoir.view().evidence(of: 0)
        #expect(evidence.statistics.maximum == largest)
        #expect(evidence.statistics.sum == 2_147_483_648)
        #expect(evidence.statistics.histogram[0] == 1 && evidence.statistics.histogram[31] == 1)
        let example = try #require((evidence.train + evidence.test).first)
        #expect(example.peak.isFinite && example.peak > 3.3e38)
        #expect(example.activations[1] > 0)
    }

    @Test(arguments: [
        ("window", [1, 257, .min, .max]), ("sample", [1, 65_537]), ("top", [-1, 4097]), ("pool", [-1, .max]),
        ("recent", [-1, 4097]),
    ])
    func settingsOutsideTheirRangeAreNamed(name: String, values: [Int]) throws {
        for value in values {
            let error = #expect(throws: EvidenceError.self) {
                try ReservoirSettings(
                    window: name == "window" ? value : 32, sample: name == "sample" ? value : 256,
                    top: name == "top" ? value : 16, pool: name == "pool" ? value : 16_384,
                    recent: name == "recent" ? value : 32, seed: 1)
            }
            #expect(error?.description.contains("\(name) is \(value)") == true)
        }
    }

    @Test func nothingIsKeptWhereNothingIsAskedFor() throws {
        let stream = try RandomStream(seed: 2)
        let settings = try ReservoirSettings(window: 4, sample: 2, top: 0, pool: 0, recent: 0, seed: 1)
        var reservoir = Reservoir(settings: settings, coder: stream.coder)
        try reservoir.absorb(CodeBatch(stream.contexts))
        let view = reservoir.view()
        #expect(view.pool.isEmpty)
        for latent in 0..<stream.coder.latents {
            let evidence = view.evidence(of: latent)
            #expect(evidence.top.isEmpty && evidence.recent.isEmpty)
            #expect(evidence.train.count <= 1 && evidence.test.count <= 1)
        }
    }
}
