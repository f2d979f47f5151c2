import Elements
import Testing

@testable import SparseCoders

@Suite struct OutputScalesTests {
    @Test(arguments: ["none", "layer_norm", "constant_norm_rescale"])
    func aLatentsPartOfTheOutputIsItsScaledDecoderRow(normalization: String) throws {
        let folder = try SAELensFolder("standard")
        folder.settings["normalize_activations"] = normalization
        let coder = try folder.coder()
        var input = Matrix(rows: 5, columns: coder.inputWidth)
        for index in input.values.indices { input.values[index] = Float((index * 37) % 23) / 4 - 2 }
        let codes = try EncodeWorker(coder: coder).encode(input)
        var silent = SparseCodes()
        silent.endRows(upTo: 5)
        let (output, bias) = (
            try coder.reconstruct(codes, input: input).values, try coder.reconstruct(silent, input: input).values
        )
        let scales = try coder.outputScales(of: input)
        #expect(scales.count == 5 && codes.latents.count > 0)
        for row in 0..<5 {
            var expected = [Float](repeating: 0, count: coder.outputWidth)
            for pair in codes.rowStarts[row]..<codes.rowStarts[row + 1] {
                let direction = try coder.decoderRow(Int(codes.latents[pair]))
                for column in expected.indices {
                    expected[column] += scales[row] * codes.activations[pair] * direction[column]
                }
            }
            for column in expected.indices {
                let place = row * coder.outputWidth + column
                #expect(abs(output[place] - bias[place] - expected[column]) < 1e-4)
            }
        }
        if normalization == "none" { #expect(scales == [1, 1, 1, 1, 1]) }
        #expect(throws: CoderError.self) { try coder.outputScales(of: Matrix(rows: 1, columns: 3)) }
    }
}
