const CREATED_AT = "2024-01-01T00:00:00.000Z";

const STAGES = [
  { id: "new-stage-id", label: "New" },
  { id: "attempting-stage-id", label: "Attempting" },
  { id: "connected-stage-id", label: "Connected" },
  { id: "qualified-stage-id", label: "Qualified" },
  { id: "unqualified-stage-id", label: "Disqualified" },
].map((stage, displayOrder) => ({
  ...stage,
  displayOrder,
  metadata: {},
  createdAt: CREATED_AT,
  updatedAt: CREATED_AT,
  archived: false,
}));

/** The pipeline every portal with leads starts out with. */
export const LEAD_PIPELINE = {
  id: "lead-pipeline-id",
  label: "Lead pipeline",
  displayOrder: 0,
  stages: STAGES,
  createdAt: CREATED_AT,
  updatedAt: CREATED_AT,
  archived: false,
};
