import Elements
import SparseCoders
import TestSupport
import Testing
import WeightFiles

/// The coder that comes with the quickstart, on activations of SmolLM2 and codes made with PyTorch.
@Suite struct QuickstartCoderTests {
    @Test func theActiveLatentsAreThoseOfTheReference() throws {
        let golden = try SafetensorsFile(path: GoldenFiles.path("quickstart/golden.safetensors")).tensors
        let activations = try #require(golden["layers.10"])
        let indices = try #require(golden["top_indices"])
        let values = try #require(golden["top_acts"]).floats()
        let wanted = try indices.integers()
        let input = try #require(
            Matrix(rows: activations.rows, columns: activations.columns, values: try activations.floats()))

        let coder = try SparseCoder(folder: Checkout.path("topologies/quickstart/sae"))
        let codes = try EncodeWorker(coder: coder).encode(input)
        #expect(codes.rows == 2048 && indices.rows == 2048 && indices.columns == coder.k)

        var same = 0
        for row in 0..<codes.rows {
            let found = codes.latents[codes.rowStarts[row]..<codes.rowStarts[row + 1]]
            let expected = row * coder.k..<(row + 1) * coder.k
            guard found.elementsEqual(wanted[expected]) else { continue }
            same += 1
            for (value, reference) in zip(codes.activations[found.indices], values[expected]) {
                #expect(abs(value - reference) <= 1e-4 * max(1, abs(reference)))
            }
        }
        #expect(same * 1000 >= codes.rows * 999, "\(same) of \(codes.rows) positions")
    }
}
