internal import Hashing
internal import WeightFiles

extension ModelFiles {
    /// A hash of all settings and of every tensor's name, type, shape and bytes, wherever they are in the files.
    func digest() -> Hash128 {
        var fingerprint = Fingerprint()
        switch settings {
        case .gguf(let metadata):
            for (key, value) in metadata.sorted(by: { $0.key < $1.key }) {
                fingerprint.update(key)
                fingerprint.update(value)
            }
        case .huggingFace(_, let bytes): bytes.withUnsafeBytes { fingerprint.update($0) }
        }
        for tensor in tensors.values.sorted(by: { $0.name < $1.name }) {
            fingerprint.update(tensor.name)
            fingerprint.update(tensor.type.rawValue)
            fingerprint.update(tensor.shape)
            tensor.withBytes { fingerprint.update($0) }
        }
        return fingerprint.finalize()
    }
}

extension Fingerprint {
    /// Adds a value with its type.
    fileprivate mutating func update(_ value: GGUFValue) {
        switch value {
        case .integer(let value): update([0, value])
        case .unsigned(let value): update([1, Int(truncatingIfNeeded: value)])
        case .number(let value): update([2, Int(bitPattern: UInt(value.bitPattern))])
        case .boolean(let value): update([3, value ? 1 : 0])
        case .string(let value):
            update([4])
            update(value)
        case .integers(let values): update([5] + values)
        case .numbers(let values): update([6] + values.map { Int(bitPattern: UInt($0.bitPattern)) })
        case .booleans(let values): update([7] + values.map { $0 ? 1 : 0 })
        case .strings(let values):
            update([8, values.count])
            for value in values { update(value) }
        case .values(let values):
            update([9, values.count])
            for value in values { update(value) }
        }
    }
}
