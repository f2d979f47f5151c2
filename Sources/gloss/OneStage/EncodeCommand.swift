import ArgumentParser
import Elements
import SparseCoders
import WeightFiles

/// Activations in, codes and reconstruction out.
struct EncodeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "encode",
        abstract: "Runs a sparse coder over activations and writes its codes and reconstruction.")

    @Option(help: "The folder or file of a sparse coder, with #N for layer N of a set.")
    var coder: String

    @Option(help: "The mean length of activations, for a coder that scales its input by it and does not say it.")
    var averageNorm: Double?

    @Option(help: "The latents kept on a token, for a coder whose files do not say it.")
    var k: Int?

    @Option(help: "A safetensors file with `input` f32 [n, d_in].")
    var input: String

    @Option(
        help:
            "The safetensors file to write: `codes` f32 [n, latents] (dense) and, if it has a decoder, `output` f32 [n, d_out]."
    )
    var output: String

    func run() async throws {
        try await reporting("encode") {
            let coder = try SparseCoder(folder: coder, given: CoderGivens(averageNorm: averageNorm, k: k))
            let input = try readInput()
            let codes = try EncodeWorker(coder: coder).encode(input)
            var tensors = [
                (name: "codes", shape: [input.rows, coder.latents], values: codes.dense(latents: coder.latents).values)
            ]
            if coder.hasDecoder {
                let reconstruction = try coder.reconstruct(codes, input: input)
                tensors.append(("output", [input.rows, reconstruction.columns], reconstruction.values))
            }
            try SafetensorsFile.write(tensors, to: output)
        }
    }

    private func readInput() throws -> Matrix {
        let file = try SafetensorsFile(path: input)
        guard let tensor = file.tensors["input"] else {
            throw OneStageError(
                "\(input) has no tensor `input`; it has \(file.tensors.keys.sorted().joined(separator: ", "))")
        }
        guard tensor.shape.count == 2,
            let matrix = Matrix(rows: tensor.shape[0], columns: tensor.shape[1], values: try tensor.floats())
        else { throw OneStageError("\(input): `input` has shape \(tensor.shape), expected [n, d_in]") }
        return matrix
    }
}
