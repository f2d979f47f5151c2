/// Floats in memory that starts at a cache line and is freed with the last reference.
public final class FloatBuffer {
    /// The number of floats.
    public let count: Int
    /// The first float; valid as long as the buffer is.
    public let pointer: UnsafeMutablePointer<Float>

    /// Makes a buffer of zeros.
    public init(count: Int) {
        self.count = max(count, 0)
        let memory = UnsafeMutableRawPointer.allocate(byteCount: max(4 * self.count, 64), alignment: 64)
        pointer = memory.bindMemory(to: Float.self, capacity: self.count)
        pointer.initialize(repeating: 0, count: self.count)
    }

    deinit {
        UnsafeMutableRawPointer(pointer).deallocate()
    }

    /// All floats.
    public var values: UnsafeMutableBufferPointer<Float> { UnsafeMutableBufferPointer(start: pointer, count: count) }
}
