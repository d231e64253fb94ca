using System.Reflection;

namespace LlmGateway.Configuration.Settings;

/// <summary>Finds the kind of value that a property of a section holds.</summary>
internal static class SettingTypes
{
    public static SettingType Of(PropertyInfo property)
    {
        var type = Of(property.PropertyType);
        var none = property.PropertyType.IsGenericType && property.PropertyType.GetGenericTypeDefinition() == typeof(IReadOnlyList<>)
            ? Array.CreateInstance(property.PropertyType.GenericTypeArguments[0], 0)
            : null;
        return property.GetCustomAttribute<OrWordAttribute>() is { } or ? new OrWordType(type, or.Word, none) : type;
    }

    private static SettingType Of(Type type)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (ScalarTypes.Find(type) is { } scalar)
        {
            return scalar;
        }

        if (type.IsEnum)
        {
            return (SettingType)typeof(ScalarTypes).GetMethod(nameof(ScalarTypes.Words))!.MakeGenericMethod(type).Invoke(null, null)!;
        }

        if (!type.IsGenericType)
        {
            return (SettingType)typeof(RecordType<>).MakeGenericType(type).GetField("Instance")!.GetValue(null)!;
        }

        var parts = type.GenericTypeArguments;
        return type.GetGenericTypeDefinition() == typeof(IReadOnlyList<>)
            ? (SettingType)Activator.CreateInstance(typeof(ListType<>).MakeGenericType(parts), Of(parts[0]))!
            : (SettingType)Activator.CreateInstance(typeof(MapType<,>).MakeGenericType(parts), Of(parts[0]), Of(parts[1]))!;
    }
}
