import Benchmarks
import Foundation
import Testing

@Suite struct ProgramBaselinesTests {
    /// What reading a file of some text gives.
    private func read(_ text: String, clock: BenchmarkClock = .wall) throws -> ProgramBaselines {
        let file = FileManager.default.temporaryDirectory.appending(path: "baselines-\(UUID().uuidString).json")
        try Data(text.utf8).write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        return try ProgramBaselines(file: file.path, clock: clock)
    }

    private func file(name: String = "tokenise", unit: String = "MB/s", figures: String = "[2.4, 2.5]") -> String {
        """
        {"clock": "wall", "notes": ["a note"],
         "baselines": [{"name": "\(name)", "program": "tokenizers 0.22", "unit": "\(unit)", "figures": \(figures)}]}
        """
    }

    @Test func figuresAreReadByBenchmark() throws {
        let baselines = try read(file())
        #expect(baselines.programs[.tokenise]?.program == "tokenizers 0.22")
        #expect(baselines.programs[.tokenise]?.figures == [2.4, 2.5])
        #expect(baselines.notes == ["a note"])
        #expect(baselines.clock == .wall)
    }

    @Test func figuresByAnotherClockAreRefused() {
        #expect(throws: BenchmarkError.self) { try read(file(), clock: .cpu) }
    }

    @Test func figuresThatCannotBeAreRefused() {
        for text in [
            file(name: "tokenize"), file(unit: "tokens/s"), file(figures: "[]"), file(figures: "[0]"),
            file(figures: "[1, -2]"), "[]", "",
        ] {
            #expect(throws: BenchmarkError.self, "\(text)") { try read(text) }
        }
    }

    @Test func aMissingFileIsNamed() {
        let error = #expect(throws: BenchmarkError.self) {
            try ProgramBaselines(file: "/nowhere/at-all.json", clock: .wall)
        }
        #expect(error?.description.contains("/nowhere/at-all.json") == true)
    }
}
