/// What is at the path of a model, where it is not a model that can be read, in words that say what to do.
enum ModelPath {
    /// Throws if there is nothing at a path that is no folder, or a file that is never a model by itself.
    static func check(_ path: String) throws(ModelError) {
        if FileSystem.isMissing(path) {
            throw .unreadable(
                file: path,
                reason: isRepositoryName(path)
                    ? "there is no such file or folder; it looks like the name of a repository: download it, for "
                        + "example by `hf download \(path) --local-dir FOLDER`, and give that folder"
                    : "there is no such file or folder; paths are relative to the working directory")
        }
        guard path.hasSuffix(".safetensors") || path.hasSuffix(".bin") || path.hasSuffix(".json") else { return }
        throw .unreadable(
            file: path, reason: "a part of a Hugging Face model is not opened by itself; give the folder that it is in")
    }

    /// `owner/name`, as repositories are called.
    private static func isRepositoryName(_ path: String) -> Bool {
        let parts = path.split(separator: "/", omittingEmptySubsequences: false)
        return parts.count == 2 && !path.hasSuffix(".gguf")
            && parts.allSatisfy { part in
                !part.isEmpty && part != "." && part != ".."
                    && part.utf8.allSatisfy { byte in
                        Character(Unicode.Scalar(byte)).isLetter || Character(Unicode.Scalar(byte)).isNumber
                            || [0x2d, 0x2e, 0x5f].contains(byte)
                    }
            }
    }

    /// Throws if a folder without `config.json` is known to be something else than a model.
    static func checkSettings(in folder: String) throws(ModelError) {
        guard FileSystem.isMissing(folder + "/config.json") else { return }
        if FileSystem.exists(folder + "/adapter_config.json") {
            throw .unreadable(
                file: folder + "/adapter_config.json",
                reason: "an adapter (LoRA) is not read by itself; merge it into its model and give that folder")
        }
        if let file = FileSystem.names(in: folder).filter({ $0.hasSuffix(".gguf") }).min() {
            throw .unreadable(
                file: folder, reason: "there is no config.json, but a GGUF file: give its path, \(folder)/\(file)")
        }
    }

    /// Throws if a folder has weights in a form that is not read.
    static func checkWeights(in folder: String) throws(ModelError) {
        guard FileSystem.isMissing(folder + "/model.safetensors") else { return }
        let pickled = ["pytorch_model.bin", "pytorch_model.bin.index.json", "consolidated.00.pth"]
        guard let file = pickled.first(where: { FileSystem.exists(folder + "/" + $0) }) else { return }
        throw .unreadable(
            file: folder + "/" + file,
            reason: "weights pickled by PyTorch are not read; convert them to safetensors, by `from_pretrained` and "
                + "`save_pretrained` of transformers")
    }
}
