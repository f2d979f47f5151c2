/// The bytes of a safetensors file with this header and data.
func safetensors(header: String, data: [UInt8]) -> [UInt8] { text(header) + data }

/// The bytes of a safetensors file with one tensor, `x`.
func safetensors(_ type: String, _ shape: [Int], _ data: [UInt8]) -> [UInt8] {
    safetensors(
        header: "{\"x\":{\"dtype\":\"\(type)\",\"shape\":\(shape),\"data_offsets\":[0,\(data.count)]}}", data: data)
}
