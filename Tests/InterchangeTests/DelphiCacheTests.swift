import StateFixtures
import TestSupport
import Testing

@testable import Interchange

@Suite(.timeLimit(.minutes(5))) struct DelphiCacheTests {
    private struct Expected: Decodable {
        let fired: [Int]
        let negative: [Int]
        let maxima: [Float?]

        static func read(_ name: String) throws -> Expected {
            let all = try GoldenFiles.decode([String: Expected].self, from: "delphi/counts.json")
            return try #require(all[name])
        }
    }

    private func golden(_ name: String) throws -> DelphiCache {
        try DelphiCache(folder: GoldenFiles.path("delphi/\(name)/layers.10"))
    }

    @Test(arguments: ["cache", "signed"])
    func countsAndMaximaAreThoseOfABruteForceCount(name: String) throws {
        let expected = try Expected.read(name)
        let counts = try DelphiCounts(golden(name))
        #expect(counts.tokens == 12 * 256)
        #expect(counts.fired == expected.fired && counts.fired.contains { $0 > 100 })
        #expect(counts.negative == expected.negative)
        #expect(counts.negative.contains { $0 > 0 } == (name == "signed"))
        #expect(counts.maxima == expected.maxima)
    }

    @Test(arguments: ["U16", "U32"])
    func latentsCountFromTheirFileNegativesStayOutAndTheLargestStaysFinite(type: String) throws {
        let directory = try TemporaryDirectory()
        var folder = DelphiFolder()
        folder.locationType = type
        try folder.write(to: directory.path)
        let cache = try DelphiCache(folder: directory.path)
        let counts = try DelphiCounts(cache)
        #expect(counts.fired == [2, 0, 2] && counts.negative == [0, 1, 0])
        #expect(counts.maxima == [1.5, nil, 65_504])
        #expect(counts.neverFired == 1)
        #expect(try DelphiCache.hookpoints(in: directory.path) == [directory.path])
    }

    private static let faults: [(spoil: @Sendable (inout DelphiFolder) -> Void, words: [String])] = [
        ({ $0.names = ["0_1.safetensors", "3_3.safetensors"] }, ["3_3.safetensors", "starts at latent 2"]),
        ({ $0.names = ["0_1.txt", "2_2.txt"] }, ["files", "0_2047.safetensors"]),
        ({ $0.locations[0][2][0] = 2 }, ["0_1.safetensors", "locations", "entry 2", "a row below 2"]),
        ({ $0.locations[0][2][1] = 4 }, ["0_1.safetensors", "locations", "a position below 4"]),
        ({ $0.locations[1][0][2] = 1 }, ["2_2.safetensors", "locations", "below 1"]),
        ({ $0.locations[0].swapAt(0, 2) }, ["0_1.safetensors", "locations", "ascending"]),
        ({ $0.locations[0][1] = $0.locations[0][0] }, ["0_1.safetensors", "locations", "each once"]),
        ({ $0.locations[0].removeLast() }, ["0_1.safetensors", "locations", "[3, 3]"]),
        ({ $0.otherTokens = [1, 2, 3, 4, 5, 6, 7, 9] }, ["2_2.safetensors", "tokens", "the same tokens"]),
        ({ $0.locationType = "BF16" }, ["0_1.safetensors", "locations", "u16 or u32"]),
        ({ $0.shape = [8] }, ["0_1.safetensors", "tokens", "2 dimensions"]),
        (
            {
                $0.shape = [1 << 40, 0]
                $0.tokens = []
            }, ["0_1.safetensors", "tokens", "rows of tokens"]
        ),
        ({ $0.activations[0][1] = 0x7E00 }, ["0_1.safetensors", "activations", "NaN at entry 1"]),
    ]

    @Test(arguments: faults.indices)
    func aBadFileIsNamedWithItsField(fault: Int) throws {
        let directory = try TemporaryDirectory()
        var folder = DelphiFolder()
        Self.faults[fault].spoil(&folder)
        try folder.write(to: directory.path)
        #expect {
            _ = try DelphiCounts(DelphiCache(folder: directory.path))
        } throws: { error in
            let text = "\(error)"
            return Self.faults[fault].words.allSatisfy { text.contains($0) }
        }
    }
}
