import ArgumentParser
import Elements
import SparseCoders
import WeightFiles

/// Activations in, codes and reconstruction out.
struct EncodeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "encode",
        abstract: "Runs a sparse coder over activations and writes its codes and reconstruction.")

    @Option(help: "The folder of a sparse coder.")
    var coder: String

    @Option(help: "A safetensors file with `input` f32 [n, d_in].")
    var input: String

    @Option(help: "The safetensors file to write: `codes` f32 [n, latents] (dense) and `output` f32 [n, d_in].")
    var output: String

    func run() async throws {
        try await reporting("encode") {
            let coder = try SparseCoder(folder: coder)
            let input = try readInput()
            let codes = try EncodeWorker(coder: coder).encode(input)
            let reconstruction = try coder.reconstruct(codes, input: input)
            try SafetensorsFile.write(
                [
                    ("codes", [input.rows, coder.latents], codes.dense(latents: coder.latents).values),
                    ("output", [input.rows, reconstruction.columns], reconstruction.values),
                ], to: output)
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
