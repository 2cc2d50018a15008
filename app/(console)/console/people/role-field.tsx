import { SelectField } from "@/app/ui/field";
import { roles, roleWords } from "@/app/ui/role-words";
import type { OperatorRole } from "@/server/access";
import type { Self } from "./people-list";

/** The choice of a role; only an owner makes owners. */
export function RoleField({
  value,
  onChange,
  self,
}: {
  value: OperatorRole;
  onChange: (role: OperatorRole) => void;
  self: Self;
}) {
  const offered = roles.filter((role) => role !== "owner" || self.role === "owner");
  return (
    <SelectField label="Role" value={value} onChange={(event) => onChange(event.target.value as OperatorRole)}>
      {offered.map((role) => (
        <option key={role} value={role}>
          {roleWords[role].word}: {roleWords[role].what}
        </option>
      ))}
    </SelectField>
  );
}
