import Elements
import Foundation
import TestSupport
import Testing

@testable import SparseCoders

/// Files of the libraries with some bytes changed: what can still be read encodes, the rest is refused.
@Suite struct DamagedFolderTests {
    @Test(arguments: [
        ("saelens_topk", "cfg.json"), ("saelens_skip_transcoder", "cfg.json"), ("sparsify_groupmax", "cfg.json"),
        ("saelens_gated", "sae_weights.safetensors"), ("sparsify_skip_transcoder", "sae.safetensors"),
        ("gemmascope", "params.npz"), ("gemmascope_compressed", "params.npz"),
    ])
    func anyChangedByteGivesACoderOrAnErrorButNeverATrap(name: String, file: String) throws {
        let folder = try TemporaryFolder()
        let copy = folder.file(name)
        try FileManager.default.copyItem(atPath: GoldenFiles.path("coders/" + name), toPath: copy)
        let whole = [UInt8](try Data(contentsOf: URL(filePath: copy + "/" + file)))
        var numbers = NumberStream(seed: UInt64(name.count))
        let input = numbers.matrix(3, 64)
        var refused = 0
        for round in 0..<60 {
            var bytes = whole
            for _ in 0...round % 4 {
                // Where the names and numbers are: at the start, and of an archive at the end.
                let near = Int.random(in: 0..<min(600, whole.count), using: &numbers)
                let place = file == "params.npz" && Bool.random(using: &numbers) ? whole.count - 1 - near : near
                bytes[place] = Array("019-,:[]{}\"ekx\u{0}\u{7f}".utf8).randomElement(using: &numbers) ?? 0
            }
            try folder.write(bytes, to: name + "/" + file)
            do throws(CoderError) {
                let coder = try SparseCoder(folder: copy)
                #expect(coder.inputWidth == 64)
                let codes = try EncodeWorker(coder: coder).encode(input)
                _ = try coder.reconstruct(codes, input: input)
            } catch {
                #expect(!error.description.isEmpty)
                refused += 1
            }
        }
        #expect(refused > 10)
    }

    @Test func anInputOfAbsurdWidthIsRefusedBeforeMemoryIsTaken() throws {
        let folder = try CoderFolder(width: 6, latents: 30, k: 3)
        folder.settings["d_in"] = 200_000
        let path = try folder.write()
        #expect(
            throws: CoderError.setting(
                file: path + "/cfg.json", field: "d_in", found: "200000",
                expected: "a whole number from 1 to 131072")
        ) { try SparseCoder(folder: path) }
    }
}
